# shellcheck shell=bash
# Finds Java and Pushserver's jar for the commands in bin/. To be sourced.

oldest_java=17

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")

die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# version: what pom.xml says, for commands that need no jar for it.
version() {
  local line
  while read -r line; do
    [[ $line == '<version>'*'</version>' ]] && line=${line#<version>} && echo "Pushserver ${line%</version>}" && return
  done <"$here/../../pom.xml"
}

# java_is_new_enough HOME: the release file is read first, because asking Java itself costs a start of the JVM.
java_is_new_enough() {
  local said=
  [[ -r $1/release ]] && said=$(<"$1/release")
  [[ $said =~ JAVA_VERSION=\"([0-9]+) ]] || said=$("$1/bin/java" -version 2>&1) || return 1
  [[ $said =~ JAVA_VERSION=\"([0-9]+) || $said =~ version\ \"([0-9]+) ]] && ((BASH_REMATCH[1] >= oldest_java))
}

# find_java PROGRAM: sets java_home to a Java that has PROGRAM (java, or javac for a whole JDK).
find_java() {
  local program=$1 on_path
  on_path=$(command -v "$program") && on_path=$(readlink -f "$on_path") && on_path=${on_path%/bin/*}
  for java_home in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/*; do
    if [[ -n $java_home && -x $java_home/bin/$program ]] && java_is_new_enough "$java_home"; then
      return
    fi
  done
  return 1
}

# find_jar: sets jar to Pushserver's, in a checkout or installed.
find_jar() {
  for jar in "$here/../../target/pushserver.jar" "$here/../../lib/pushserver.jar"; do
    # An archive is of a jar at one place, written one way.
    [[ -r $jar ]] && jar=$(readlink -f "$jar") && return
  done
  return 1
}

# find_java_and_jar: sets java_home and jar, or says what to do and ends.
find_java_and_jar() {
  find_java java || die "Java $oldest_java or newer is needed; install it, or set JAVA_HOME to it."
  find_jar || die "pushserver.jar is not built yet; bin/quickstart does that."
}
