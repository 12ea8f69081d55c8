#!/bin/sh
# What the first screen and the serial console show, without anybody having to log in: where this machine is reached, the
# fingerprint to compare, and the code to set it up with. Written for the server's user, who reads that alone.
serial=$(sed -E 's/tty0 ?//' /sys/class/tty/console/active)
setpriv --reuid=solebox --regid=solebox --clear-groups --no-new-privs env SOLEBOX_HOME=/var/lib/solebox \
  /usr/bin/solebox host screen | tee "/dev/${serial:-null}" >/dev/tty1
