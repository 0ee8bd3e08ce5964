# shellcheck shell=bash
# What bin/release makes beside what Maven does. To be sourced, after setup.sh.

# pack_archive SOURCE JAR ARCHIVE: of the source in that directory, with that jar. Twice the same gives the same bytes.
pack_archive() {
  local source=$1 jar=$2 archive=$3 top stage date page
  top=pushserver-$(version_number)
  date=$(sed -n 's:.*<project.build.outputTimestamp>\(.*\)<.*:\1:p' "$source/pom.xml")
  stage=$(mktemp -d "${TMPDIR:-/tmp}/pushserver-archive.XXXXXX")
  mkdir -p "$stage/$top/bin/lib" "$stage/$top/lib"
  cp "$source/bin/"{pushserver,pushclient,pushclient-v2,quickstart} "$stage/$top/bin/"
  cp "$source/bin/lib/"{java,setup}.sh "$stage/$top/bin/lib/"
  version_number >"$stage/$top/bin/lib/version"
  cp "$jar" "$stage/$top/lib/pushserver.jar"
  cp -R "$source/conf" "$source/LICENSE" "$source/README.md" "$stage/$top/"
  # What a build of the examples has left.
  rm -rf "$stage/$top/conf/examples/target"
  cp -R "$source/src/docs" "$stage/$top/docs"
  sed -i 's:src/docs\b:docs:g' "$stage/$top/README.md"
  while IFS= read -r -d '' page; do
    sed -i 's:src/docs/:docs/:g; s:](\.\./\(\(\.\./\)*\)\.\./conf:](\1../conf:g' "$page"
  done < <(find "$stage/$top/docs" -name '*.md' -print0)
  LC_ALL=C tar --create --directory="$stage" --format=ustar --sort=name --mtime="$date" --owner=0 --group=0 \
    --numeric-owner --mode=u=rwX,go=rX "$top" | gzip --no-name --best >"$archive"
  rm -rf "$stage"
}

# built_with COMMIT: what has to be the same for the bytes to be the same.
built_with() {
  local java=$JAVA_HOME/bin/java
  printf 'commit  %s\n' "$1"
  printf 'java    %s\n' "$("$java" -XshowSettings:properties -version 2>&1 |
    sed -n 's/^ *java\.\(vendor\|runtime\.version\) = //p' | paste -sd ' ')"
  printf 'maven   %s\n' "$(mvn -v | sed -n 's:.*Apache Maven \([0-9.]*\).*:\1:p')"
  printf 'tar     %s\n' "$(tar --version | sed 's/.* //;q')"
  printf 'gzip    %s\n' "$(gzip --version | sed 's/.* //;q')"
}

# set_version VERSION: writes it to each place that has the one of today, and the date of today to pom.xml.
set_version() {
  local new=$1 old today
  [[ $new =~ ^[0-9]+\.[0-9]+\.[0-9]+(-SNAPSHOT|-rc[0-9]+)?$ ]] ||
    die "write --set-version 1.2.3, 1.2.3-rc1 or, for what is not published, 1.2.3-SNAPSHOT."
  old=$(version_number)
  today=$(date -u +%Y-%m-%d)
  # The first one that stands so far left is the project's own.
  sed -i "0,/^  <version>.*/s//  <version>$new<\/version>/
    s:\(<project.build.outputTimestamp>\).*\(<\):\1${today}T00\:00\:00Z\2:" pom.xml
  sed -i "s:<version>${old//./\\.}</version>:<version>$new</version>:
    s/pushserver\:pushserver\:${old//./\\.}\b/pushserver:pushserver:$new/" \
    conf/examples/pom.xml src/docs/event-bus.md src/docs/installation.md
  sed -i "s/^\(appVersion: \|ARG VERSION=\).*/\1$new/" conf/kubernetes/Chart.yaml conf/container/Dockerfile
  case $new in
    *-SNAPSHOT)
      grep -q "^## ${new%-SNAPSHOT} " src/docs/changelog.md ||
        sed -i "0,/^## /s//## ${new%-SNAPSHOT} (unreleased)\n\n## /" src/docs/changelog.md
      ;;
    *-rc*) ;;
    *) sed -i "0,/^## .* (unreleased)/s//## $new ($today)/" src/docs/changelog.md ;;
  esac
  echo "The version was $old, and is $new. Look at it with git diff, and commit it."
}
