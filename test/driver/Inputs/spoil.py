"""Does something to the files of a cache.

usage: spoil.py half|empty|flip|reports|fill|bound FOLDER [SUFFIX]
  half, empty, flip   cuts each file in two, empties it, or changes a byte of it
                      (only of those whose names end so, if SUFFIX is given)
  reports             cuts the reports only
  fill                adds old files that are larger than a bound of 1 MB
  bound               fails if more than 1 MB is left, or none of those files
"""
import os
import sys

what, folder = sys.argv[1:3]
suffix = sys.argv[3] if len(sys.argv) > 3 else ""
files = [os.path.join(folder, name) for name in sorted(os.listdir(folder))
         if name.startswith("llvmcache-") and name.endswith(suffix)]
if what == "fill":
    for number in range(30):
        path = os.path.join(folder, "llvmcache-%032d-report" % number)
        with open(path, "wb") as out:
            out.write(b"x" * 100000)
        os.utime(path, (1e9, 1e9 + number))
elif what == "bound":
    total = sum(os.path.getsize(path) for path in files)
    if not 800000 < total <= 1 << 20:
        sys.exit("%d bytes are left in %d files" % (total, len(files)))
else:
    files = [path for path in files if what != "reports" or "-report" in path]
    if not files:
        sys.exit("there is nothing to spoil")
    for path in files:
        with open(path, "rb") as old:
            data = bytearray(old.read())
        if what == "empty":
            data = b""
        elif what == "flip":
            data[-10] ^= 1
        else:
            data = data[:len(data) // 2]
        with open(path, "wb") as new:
            new.write(data)
