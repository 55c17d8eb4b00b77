# Part of the threadhop project, under the Apache License v2.0 with LLVM
# Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What tools/evaluate and tools/bench.py share; the lists lie here too."""
