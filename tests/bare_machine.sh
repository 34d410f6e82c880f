#!/bin/sh
# Shows that ./dev works on a Debian 12 machine with nothing but its base system: makes such a
# system in a folder (debootstrap), puts the last commit into it, and runs ./dev there.
#
#   sudo tests/bare_machine.sh [VERB...]      VERB: what ./dev shall do there (default: test)
#
# By hand, not in CI: it takes several minutes and 2 GB, needs root, debootstrap, git and the Debian
# mirror that apt of this machine uses. BARE=folder chooses another place than /tmp/arrears-bare; a
# base system that is there already is used again as it is.
set -eu
cd "$(dirname "$0")/.."
bare=${BARE:-/tmp/arrears-bare}

[ "$(id -u)" -eq 0 ] || { echo "bare_machine: run me as root" >&2; exit 1; }
for tool in debootstrap git unshare chroot; do
  command -v $tool >/dev/null || { echo "bare_machine: install $tool first" >&2; exit 1; }
done

if [ ! -x "$bare/usr/bin/dpkg" ]; then
  # The mirror of the release itself: the first one that apt knows for a Debian suite.
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' |
    head -n 1)
  echo "bare_machine: making a minimal Debian 12 in $bare from $mirror"
  debootstrap --variant=minbase bookworm "$bare" "$mirror" >"$bare.log"
fi
if [ -x "$bare/usr/bin/c++" ]; then
  echo "bare_machine: note: $bare has a compiler already; delete the folder for a bare start"
fi
cp -L /etc/resolv.conf "$bare/etc/resolv.conf"
rm -rf "$bare/root/arrears"
mkdir -p "$bare/root/arrears"
git archive HEAD | tar -x -C "$bare/root/arrears"

# The mounts live in a name space of their own and are gone when the shell ends.
started=$(date +%s)
[ $# -gt 0 ] || set -- test
status=0
unshare --mount --pid --fork sh -c '
  bare=$1
  shift
  mount -t proc proc "$bare/proc"
  mount --rbind /dev "$bare/dev"
  exec chroot "$bare" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
    /root/arrears/dev "$@"
' sh "$bare" "$@" || status=$?
echo "bare_machine: ./dev $* ended with $status after $(($(date +%s) - started)) s"
exit $status
