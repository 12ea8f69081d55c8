#!/bin/sh
# Mounts the data partition at /data, and from it what stays: /var/lib/solebox, and what was changed in /etc. At the
# first start systemd-repart makes the partition of all that is free behind the slots. Its folders are root's: the
# server writes in its own alone, and so nobody but root puts a link where root mounts something.
set -eu
part=/dev/disk/by-partlabel/solebox-data
log=/run/solebox-repart.log
systemd-repart --dry-run=no --definitions=/usr/lib/repart.d --no-pager >"$log" 2>&1 || { cat "$log"; exit 1; }
# A slow machine still looks at all its other devices.
udevadm wait --timeout=300 "$part" || { echo "solebox: the partition solebox-data did not appear"; exit 1; }
case $(blkid -p -s TYPE -o value "$part") in
  crypto_LUKS)
    /usr/lib/systemd/systemd-cryptsetup attach solebox-data "$part" - tpm2-device=auto,luks
    part=/dev/mapper/solebox-data
    ;;
  ext4) ;;
  *) # A choice of encryption that the power has cut; nothing was kept yet.
    mke2fs -q -t ext4 "$part"
    ;;
esac
# 0 and 1: it is well now.
e2fsck -p "$part" || [ $? -le 1 ]
mount -t ext4 -o nosuid,nodev,noatime "$part" /data
/usr/lib/systemd/systemd-growfs /data
mkdir -p /data/etc /data/work
install -d -o solebox -g solebox -m 750 /data/solebox
# Not noexec: the database's library is unpacked there.
mount --bind /data/solebox /var/lib/solebox
# What root keeps of requests: whether the air gap is off, a connection on trial.
install -d -m 700 /data/solebox-host
mount --bind /data/solebox-host /var/lib/solebox-host
# This machine's number, which the first start has thrown: what asks for a lease needs one, and it stays the same.
[ -s /data/etc/machine-id ] || (umask 022; cat /etc/machine-id >/data/work.id; mv /data/work.id /data/etc/machine-id)
mount -t overlay -o lowerdir=/etc,upperdir=/data/etc,workdir=/data/work solebox-etc /etc
# What was changed there counts from now on; the journal has begun under the number of this start alone.
systemctl --no-block restart systemd-journald.service
[ ! -e /data/etc/hostname ] || hostname -F /etc/hostname
[ ! -d /data/etc/systemd ] || systemctl daemon-reload
