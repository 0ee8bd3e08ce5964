# shellcheck shell=bash
# A throw-away Debian with systemd running in it. To be sourced, in the top directory, by who ends with close_root.
#
# All of it is below target/debian and in namespaces of its own: no port, mount or process of this machine's is touched,
# and the end of the script is the end of all that runs in there.

# Reasons not to try are told with this, as automake does.
cannot_here=77

# cannot WHY: it cannot be tried on this machine.
cannot() {
  echo "Not tried: $*"
  exit "$cannot_here"
}

# open_root CODENAME: sets what the others need; makes sure that it can be done here.
open_root() {
  suite=$1 base=$PWD/target/debian/$1 root=$PWD/target/debian/$1-$$
  cgroup='' booted='' log=$PWD/target/debian/$1.log
  ((EUID == 0)) || cannot "it takes root"
  local tool
  for tool in mmdebstrap unshare nsenter setpriv dpkg-deb ip findmnt; do
    command -v "$tool" >/dev/null || cannot "$tool is not here"
  done
  unshare --mount --pid --net --cgroup --fork true 2>/dev/null || cannot "root may not make namespaces here"
  mkdir -p "${base%/*}"
  # Of one that was killed.
  local old
  for old in "$base"-[0-9]*; do
    [[ ! -d $old || -d /proc/${old##*-} ]] || rm -rf --one-file-system "$old"
  done
}

# sources: what this machine's apt asks, for that release. Nothing when this machine is no Debian.
sources() {
  local here
  here=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
  apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 'Origin: Debian' |
    sed -n "s/ $here\([ -]\)/ $suite\1/p" | sort -u
}

# make_base: the release with systemd and what an operator's machine has, and Java downloaded, as a tar; kept for a week,
# because fetching it takes most of the time.
make_base() {
  exec 9>"$base.lock"
  flock 9
  if [[ -z $(find "$base.tar" -mtime -7 2>/dev/null) ]]; then
    sources >"$base.list"
    [[ -s $base.list ]] || cannot "the sources of apt on this machine have no Debian"
    # Proxies and the like.
    # It may name a proxy with its password.
    (umask 077 && : >"$base.conf")
    apt-config dump --no-empty --format '%f "%v";%n' Acquire >"$base.conf"
    mmdebstrap --mode=root --variant=apt --format=tar --dpkgopt=force-unsafe-io --aptopt="$base.conf" \
      --aptopt='Acquire::Languages "none"' --include=systemd,curl,man-db,bash-completion,logrotate,adduser \
      --customize-hook='chroot "$1" apt-get -q -y --no-install-recommends --download-only install default-jre-headless' \
      --skip=cleanup/apt "$suite" "$base.tar.new" "$base.list" >"$log" 2>&1 </dev/null || {
      tail -n 5 "$log"
      cannot "no $suite could be fetched (log: $log)"
    }
    mv "$base.tar.new" "$base.tar"
  fi
  exec 9>&-
}

# unpack_root: a fresh one.
unpack_root() {
  mkdir "$root"
  tar -C "$root" -xf "$base.tar"
  cp -L /etc/resolv.conf "$root/etc/resolv.conf"
}

environment=(env -i HOME=/root LC_ALL=C.UTF-8 TERM=dumb DEBIAN_FRONTEND=noninteractive
  PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)

# in_root COMMAND...: runs it there; before boot_root in a plain chroot with this machine's network, unless alone is set,
# after it beside systemd, with a network of its own that has 127.0.0.1 only.
in_root() {
  if [[ $booted ]]; then
    nsenter --target "$booted" --mount --pid --net --uts --ipc --cgroup --root --wd "${environment[@]}" "$@"
  else
    # shellcheck disable=SC2016 # the inner shell expands it
    unshare --mount --pid ${alone:+--net} --fork --kill-child bash -c '
      mount --make-rprivate / && mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" &&
        { ip link set lo up || true; } && exec chroot "$@"' \
      - "$root" "${environment[@]}" "$@"
  fi
}

# boot_root: starts systemd there; ends when all that is to be started has been.
boot_root() {
  local above unshare
  above=$(findmnt --noheadings --first-only --types cgroup2 --output TARGET) || cannot "there is no cgroup2 here"
  cgroup=$above/pushserver-$suite-$$
  mkdir "$cgroup" 2>/dev/null || cannot "no group of processes can be made in $above"
  # shellcheck disable=SC2016 # the inner shells expand it
  setpriv --pdeathsig KILL bash -c '
    echo $$ >"$2/cgroup.procs"
    exec unshare --mount --pid --net --uts --ipc --cgroup --fork --kill-child bash -c "$3" - "$1"' \
    - "$root" "$cgroup" '
    set -e
    mount --make-rprivate /
    ip link set lo up
    hostname debian
    cd "$1"
    mount --bind . . && cd "$1"
    mount -t proc proc proc
    mount -t sysfs sysfs sys
    mount -t cgroup2 cgroup2 sys/fs/cgroup
    mount -t tmpfs -o mode=755 tmpfs run
    mount -t tmpfs -o mode=755 tmpfs dev
    for node in null zero full random urandom tty; do
      : >dev/$node
      mount --bind /dev/$node dev/$node
    done
    mkdir dev/shm dev/pts
    mount -t tmpfs tmpfs dev/shm
    mount -t devpts -o newinstance,ptmxmode=666 devpts dev/pts
    ln -s pts/ptmx dev/ptmx
    ln -s /proc/self/fd dev/fd
    ln -s fd/0 dev/stdin
    ln -s fd/1 dev/stdout
    ln -s fd/2 dev/stderr
    # In a mere chroot the kernel refuses PrivateUsers= and its like.
    pivot_root . mnt
    umount -l mnt
    exec env -i container=other PATH=/usr/sbin:/usr/bin /lib/systemd/systemd --unit=multi-user.target' \
    >>"$log" 2>&1 </dev/null &
  unshare=$!
  local end=$((SECONDS + 90)) child
  until child=$(ps --ppid "$unshare" -o pid= 2>/dev/null) && child=${child//[[:space:]]/} && [[ $child ]] &&
    booted=$child in_root systemctl is-system-running --wait >/dev/null 2>&1 ||
    [[ $child && $(booted=$child in_root systemctl is-system-running 2>/dev/null) == degraded ]]; do
    kill -0 "$unshare" 2>/dev/null || { tail -n 5 "$log" && cannot "systemd does not start there"; }
    ((SECONDS < end)) || cannot "systemd was not up within 90 s"
    sleep 0.2
  done
  booted=$child namespaces=$unshare
}

# close_root: ends what runs there, and removes it.
close_root() {
  if [[ ${namespaces-} ]]; then
    kill -9 "$namespaces" || true
    wait "$namespaces" || true
    namespaces=''
  fi
  if [[ ${cgroup-} ]]; then
    local end=$((SECONDS + 10))
    until find "$cgroup" -depth -type d -exec rmdir {} + || ((SECONDS >= end)); do sleep 0.1; done
  fi
  [[ ! ${root-} ]] || rm -rf --one-file-system "$root"
} 2>/dev/null
