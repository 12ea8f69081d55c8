# Runs in the image as it is made, with what os/build has put there: the kernel's package is $1.
set -eu
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
# The user's number first; then the package finds its user.
systemd-sysusers solebox-image.conf
apt-get -qq -y --no-install-recommends -o Dpkg::Options::=--force-confold install "$1" /solebox.deb
systemctl --quiet enable systemd-networkd.service solebox-data.service solebox-firewall.service solebox-health.service \
  solebox-screen.service solebox-host.path solebox-host.service
# Fetching and tidying of Debian's is nothing for a root that never changes; and what was made anew in /etc for one
# system would lie over the files of the other slot's.
systemctl --quiet mask apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer \
  e2scrub_reap.service fstrim.timer systemd-repart.service systemd-boot-random-seed.service systemd-boot-update.service \
  systemd-networkd-wait-online.service ldconfig.service systemd-sysusers.service systemd-hwdb-update.service \
  systemd-journal-catalog-update.service systemd-update-done.service getty@tty1.service serial-getty@ttyS0.service serial-getty@ttyAMA0.service
mkdir -p /data /efi /var/lib/solebox /var/lib/solebox-power /var/lib/solebox-host
# Nobody has a password; what a machine is called, and its number, are its own.
passwd --quiet --lock root
echo solebox >/etc/hostname
: >/etc/machine-id
rm -f /etc/resolv.conf
ln -sf /etc/machine-id /var/lib/dbus/machine-id
dpkg-query -W -f '${Package} ${Version} ${Architecture}\n' >/packages
