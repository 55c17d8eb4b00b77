//===--- ModelSection.h - one section of a model file, loaded ---*- C++ -*-===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef THREADHOP_TEST_UNIT_MODELSECTION_H
#define THREADHOP_TEST_UNIT_MODELSECTION_H

#include "models/Loader.h"
#include <gtest/gtest.h>
#include <string>

namespace threadhop {

/// The message of the error that the section gives; empty if it is right.
inline std::string errorIn(const std::string &Section) {
  Models Rows;
  return llvm::toString(
      loadModelText(R"({ "library": "l", )" + Section + " }", "m.json", Rows));
}

/// The rows of a section that is right.
inline Models loadedSection(const std::string &Section) {
  Models Rows;
  EXPECT_EQ(llvm::toString(loadModelText(
                R"({ "library": "l", )" + Section + " }", "m.json", Rows)),
            "");
  return Rows;
}

} // namespace threadhop

#endif
