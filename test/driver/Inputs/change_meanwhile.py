"""usage: change_meanwhile.py TEXT FROM TO COMMAND...
Copies a file over another once a command has printed TEXT to its standard
error, and prints what it says from then on."""
import shutil
import subprocess
import sys

text, source, target = sys.argv[1:4]
process = subprocess.Popen(sys.argv[4:], stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, text=True)
for line in process.stdout:
    if text in line:
        break
else:
    sys.exit("it never said that")
shutil.copyfile(source, target)
print(process.stdout.read())
