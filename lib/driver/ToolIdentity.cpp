//===--- ToolIdentity.cpp - which program this is -------------------------===//
//
// Part of the threadhop project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "driver/ToolIdentity.h"
#include "driver/Inputs.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/Alignment.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <dlfcn.h>
#include <link.h>
#include <vector>

using namespace llvm;

namespace threadhop::driver {

// The build ID among the notes of a loaded object, or an empty text.
static std::string buildID(const dl_phdr_info &Object) {
  for (const auto &Header : ArrayRef(Object.dlpi_phdr, Object.dlpi_phnum)) {
    if (Header.p_type != PT_NOTE)
      continue;
    const auto *At =
        reinterpret_cast<const uint8_t *>(Object.dlpi_addr + Header.p_vaddr);
    ArrayRef<uint8_t> Rest(At, Header.p_memsz);
    while (Rest.size() >= sizeof(ElfW(Nhdr))) {
      const auto *Note = reinterpret_cast<const ElfW(Nhdr) *>(Rest.data());
      size_t Text = sizeof(*Note) + alignTo(Note->n_namesz, Align(4));
      size_t Size = Text + alignTo(Note->n_descsz, Align(4));
      if (Size > Rest.size())
        break;
      if (Note->n_type == NT_GNU_BUILD_ID && Note->n_namesz == 4)
        return toHex(Rest.slice(Text, Note->n_descsz), /*LowerCase=*/true);
      Rest = Rest.drop_front(Size);
    }
  }
  return "";
}

static std::string contents(StringRef Path) {
  auto Buffer = MemoryBuffer::getFile(Path, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  return Buffer ? hexOf(digestOf((*Buffer)->getBuffer())) : "?";
}

// Where the loader found a plugin that was named without a folder.
static std::string loadedFrom(const std::string &Plugin) {
  void *Handle = ::dlopen(Plugin.c_str(), RTLD_LAZY | RTLD_NOLOAD);
  link_map *Map = nullptr;
  if (!Handle || ::dlinfo(Handle, RTLD_DI_LINKMAP, &Map) != 0)
    return Plugin;
  return Map->l_name;
}

std::string toolIdentity(ArrayRef<std::string> Plugins) {
  struct Collection {
    std::vector<std::string> Wanted;
    std::string Text;
  } To;
  for (const std::string &Plugin : Plugins)
    To.Wanted.push_back(loadedFrom(Plugin));
  To.Text = "threadhop " THREADHOP_VERSION " LLVM " LLVM_VERSION_STRING;
  auto Take = [](dl_phdr_info *Object, size_t, void *Data) {
    auto &To = *static_cast<Collection *>(Data);
    std::string Path = Object->dlpi_name;
    StringRef Name = sys::path::filename(Path);
    // The program itself has no name.
    if (!Path.empty() && !Name.starts_with("libclang") &&
        !Name.starts_with("libLLVM") && !is_contained(To.Wanted, Path))
      return 0;
    std::string ID = buildID(*Object);
    if (ID.empty()) {
      static int Symbol;
      ID = contents(Path.empty()
                        ? sys::fs::getMainExecutable("threadhop", &Symbol)
                        : Path);
    }
    To.Text += " " + ID;
    return 0;
  };
  ::dl_iterate_phdr(Take, &To);
  return To.Text;
}

} // namespace threadhop::driver
