# Runs as the first process of new user, mount, network, process and IPC namespaces (unshare), where we are root and
# may mount. Makes everything but one folder read-only, then gives up every right before the command starts. What cannot
# be made read-only ends the attempt: a sandbox with a hole is none.
#
# $1 the folder that stays writable, $2 how many processes there may be, then the command.
set -eu
folder=$1
processes=$2
shift 2

mount --make-rprivate /
mount --bind "$folder" "$folder"

# A network namespace starts with its loopback down, and tests of servers listen there.
ip link set lo up 2>/dev/null || true

# Devices that can do no harm; the disks of this computer are none of them.
devices="$folder/.drift/dev"
mkdir -p "$devices"
mount -t tmpfs -o mode=755,size=1g tmpfs "$devices"
for device in null zero full random urandom tty; do
  : > "$devices/$device"
  mount --bind "/dev/$device" "$devices/$device"
done
mkdir -m 1777 "$devices/shm"
ln -s /proc/self/fd "$devices/fd"
ln -s /proc/self/fd/0 "$devices/stdin"
ln -s /proc/self/fd/1 "$devices/stdout"
ln -s /proc/self/fd/2 "$devices/stderr"
mount --rbind "$devices" /dev
umount -l "$devices"

# Sockets of services lie in /run, and a read-only mount does not keep anybody from connecting.
case "$folder" in /run/*) ;; *) if [ -d /run ]; then mount -t tmpfs -o mode=755,size=16m tmpfs /run; fi ;; esac

# Some containers forbid a new /proc; the old one is made read-only then, like all the rest.
if mount -t proc proc /proc 2>/dev/null; then
  # Since Linux 6.14 this is of our process namespace alone; before, it was the whole computer's.
  version=$(uname -r)
  major=${version%%.*}
  rest=${version#*.}
  minor=${rest%%[!0-9]*}
  if [ "$major" -gt 6 ] || { [ "$major" -eq 6 ] && [ "$minor" -ge 14 ]; }; then
    echo "$((processes + 300))" > /proc/sys/kernel/pid_max 2>/dev/null || true
  fi
fi

mounts=$(cat /proc/self/mountinfo)
echo "$mounts" | while read -r _ _ _ _ place options _; do
  place=$(printf '%b' "$place")
  case "$place" in "$folder" | /dev | /dev/*) continue ;; esac
  # Flags that a mount has cannot be taken from it here, so they are named again.
  mount -o "remount,bind,ro,$(echo "$options" | sed -E 's/(^|,)(rw|ro)(,|$)/\1\3/; s/,,/,/; s/^,|,$//g')" "$place" \
    || [ ! -e "$place" ] || { echo "cannot make $place read-only" >&2; exit 1; }
done

cd "$folder"
# The command is not the first process of its namespace: that one ignores signals and must bury orphans.
exit_code=0
setpriv --bounding-set=-all --inh-caps=-all --no-new-privs -- "$@" || exit_code=$?
exit "$exit_code"
