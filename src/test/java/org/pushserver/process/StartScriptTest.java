// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.fake.Command;

/** What {@code bin/pushserver} tells Java: asked of a Java that only repeats it. */
@Timeout(60)
class StartScriptTest {
  private static final String REPEATS = "#!/bin/sh\nprintf '%s\\n' \"$@\"\n";

  /** A Java that writes what an archive would have into it. */
  private static final String ARCHIVES =
      """
      #!/bin/sh
      for word; do
        case $word in
          -XX:DumpLoadedClassList=*)
            echo org/pushserver/Main >"${word#*=}"
            echo org/pushserver/sandbox/Sandbox id: 1 >>"${word#*=}"
            echo @lambda-proxy org/pushserver/client/PushCommand run >>"${word#*=}"
            ;;
          -XX:SharedClassListFile=*) list=${word#*=} ;;
          -XX:SharedArchiveFile=*) cp "$list" "${word#*=}" ;;
          -XX:AOTCacheOutput=*) echo cache >"${word#*=}" ;;
        esac
      done
      """;

  private static final Path INSTALLED = Path.of("/usr/lib/jvm");

  @TempDir private Path directory;

  private Path home;

  @BeforeEach
  void install() throws IOException {
    Path commands = Files.createDirectories(directory.resolve("bin/lib"));
    Files.copy(Path.of("bin/pushserver"), directory.resolve("bin/pushserver"));
    Files.copy(Path.of("bin/lib/java.sh"), commands.resolve("java.sh"));
    Files.createFile(Files.createDirectories(directory.resolve("lib")).resolve("pushserver.jar"));
    home = Files.createDirectories(directory.resolve("java"));
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(java, REPEATS);
    assertTrue(java.toFile().setExecutable(true));
    Files.createFile(Files.createDirectories(home.resolve("lib")).resolve("modules"));
    version("17.0.15");
  }

  private void version(String number) throws IOException {
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + number + "\"\n");
  }

  /** With enough memory, wherever this test runs. */
  private List<String> started(String options, String... arguments) throws Exception {
    return started(Map.of("PUSHSERVER_JAVA_OPTS", options, "PUSHSERVER_SMALL", "no"), arguments);
  }

  private List<String> started(Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(directory.resolve("bin/pushserver").toString()));
    command.addAll(List.of(arguments));
    Command.Ended ended =
        Command.of(command)
            .with(Map.of("JAVA_HOME", home.toString(), "JAVA_OPTS", ""))
            .with(environment)
            .run();
    assertEquals(0, ended.code(), ended.said());
    return ended.said().lines().toList();
  }

  private static void assertHas(List<String> said, String... flags) {
    assertTrue(said.containsAll(List.of(flags)), said::toString);
  }

  private static long count(List<String> said, String pattern) {
    return said.stream().filter(word -> word.matches(pattern)).count();
  }

  @Test
  void aServerHasASmallHeapThatGrowsAndEndsWhenItIsFull() throws Exception {
    assertHas(
        started(""),
        "-XX:+UseSerialGC",
        "-Xms20m",
        "-Xmx256m",
        "-XX:MaxNewSize=20m",
        "-XX:SurvivorRatio=3",
        "-XX:TargetSurvivorRatio=90",
        "-XX:CompileThresholdScaling=2",
        "-XX:+ExitOnOutOfMemoryError");
  }

  @Test
  void allThreadsShareOneHeapOfTheLibraryUnlessSomebodySaysElse() throws Exception {
    Files.writeString(home.resolve("bin/java"), "#!/bin/sh\necho $MALLOC_ARENA_MAX\n");
    assertEquals(List.of("1"), started(""));
    assertEquals(List.of("4"), started(Map.of("MALLOC_ARENA_MAX", "4")));
  }

  @Test
  void aSmallServerHasASmallerOneOneEventLoopLessAndOneCompiler() throws Exception {
    for (List<String> said :
        List.of(
            started("", "--small"),
            started("", "serve", "--config-dir", "/etc/pushserver", "--small"),
            started(Map.of("PUSHSERVER_SMALL", "yes")))) {
      assertHas(
          said,
          "-Xmx48m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:ActiveProcessorCount=1",
          "-XX:ReservedCodeCacheSize=32m");
      assertFalse(said.contains("-Xmx256m"), said::toString);
    }
  }

  @Test
  void aSmallServerHasTheHeapThatSomebodyGivesItButNotTheShareOfTheImage() throws Exception {
    Map<String, String> image =
        Map.of("PUSHSERVER_SMALL", "yes", "JAVA_OPTS", "-XX:MaxRAMPercentage=50");
    assertHas(started(image), "-Xmx48m");
    assertEquals(
        0,
        count(
            started(Map.of("PUSHSERVER_SMALL", "no", "JAVA_OPTS", "-XX:MaxRAMPercentage=50")),
            "-Xmx.*"));
    List<String> said = started("-Xmx64m", "--small");
    assertEquals(1, count(said, "-Xmx.*"), said::toString);
  }

  @Test
  void whoGivesALargeHeapHasAllProcessorsCollectIt() throws Exception {
    List<String> said = started("-Xmx3g");
    assertHas(said, "-XX:+UseParallelGC", "-XX:NewRatio=5", "-Xmx3g");
    assertEquals(0, count(said, "-Xms.*|-XX:.*NewSize=.*|-XX:\\+UseSerialGC"), said::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Xmx512m", "-Xmx524288k", "-Xmx536870912", "-Xmx4g -Xmx256m", "-Xmx0t"})
  void aHeapOfHalfAGigabyteIsNotLarge(String options) throws Exception {
    assertHas(started(options), "-XX:+UseSerialGC");
  }

  @Test
  void aCollectorOrAYoungGenerationThatSomebodyNamesIsTheOnlyOne() throws Exception {
    List<String> said = started("-XX:+UseG1GC");
    assertEquals(1, count(said, "-XX:\\+Use.*GC"), said::toString);
    assertEquals(0, count(said, "-XX:.*NewSize=.*"), said::toString);
    said = started("-Xmn30m");
    assertHas(said, "-XX:+UseSerialGC", "-Xmn30m");
    assertEquals(0, count(said, "-XX:.*NewSize=.*"), said::toString);
  }

  @ParameterizedTest
  @CsvSource({
    "17.0.8, false, true",
    "17.0.9, true, true",
    "21, false, true",
    "21.0.1, true, true",
    "25, true, true",
    "26, true, false"
  })
  void eachJavaIsToldWhatItKnows(String number, boolean trims, boolean stays) throws Exception {
    version(number);
    List<String> said = started("");
    assertEquals(trims ? 1 : 0, count(said, "-XX:TrimNativeHeapInterval=.*"), said::toString);
    assertEquals(stays ? 1 : 0, count(said, "-XX:ArchiveRelocationMode=0"), said::toString);
    assertEquals(stays ? 1 : 0, count(said, "-XX:\\+UnlockDiagnosticVMOptions"), said::toString);
  }

  private Path archive() {
    return directory.resolve("lib/pushserver.jsa");
  }

  @ParameterizedTest
  @CsvSource({
    "17.0.15, -XX:SharedArchiveFile=",
    "21.0.9, -XX:SharedArchiveFile=",
    "25, -XX:AOTCache="
  })
  void anArchiveThatIsWholeIsUsedUnlessSomebodySaysElse(String number, String flag)
      throws Exception {
    version(number);
    String used = flag + makeArchive();
    assertHas(started(""), used);
    assertFalse(started("-Xshare:auto").contains(used));
    Files.setLastModifiedTime(archive(), FileTime.fromMillis(0));
    assertHas(started(""), used);
    Files.writeString(archive(), "cut");
    assertFalse(started("").contains(used));
  }

  /** Java would leave that one unread, and then have none at all. */
  @Test
  void anArchiveOfAnotherJarOrAnotherJavaIsNotUsedAndJavaHasItsOwn() throws Exception {
    for (Path replaced :
        List.of(directory.resolve("lib/pushserver.jar"), home.resolve("lib/modules"))) {
      assertAnArchiveThatIsMadeIsUsed();
      Files.setLastModifiedTime(replaced, FileTime.fromMillis(0));
      assertEquals(0, count(started(""), "-XX:SharedArchiveFile=.*"));
      assertAnArchiveThatIsMadeIsUsed();
      Files.writeString(replaced, "other");
      Files.setLastModifiedTime(replaced, FileTime.fromMillis(0));
      assertEquals(0, count(started(""), "-XX:SharedArchiveFile=.*"));
    }
    assertAnArchiveThatIsMadeIsUsed();
    version("17.0.16");
    assertEquals(0, count(started(""), "-XX:SharedArchiveFile=.*"));
  }

  /** As a Java without a file of its modules has it, which some builders make. */
  @Test
  void anArchiveIsUsedWhereJavaKeepsItsClassesElsewhere() throws Exception {
    Files.delete(home.resolve("lib/modules"));
    assertAnArchiveThatIsMadeIsUsed();
  }

  private void assertAnArchiveThatIsMadeIsUsed() throws Exception {
    String used = "-XX:SharedArchiveFile=" + makeArchive();
    assertHas(started(""), used);
  }

  private Path makeArchive() throws Exception {
    Path java = home.resolve("bin/java");
    Files.writeString(java, ARCHIVES);
    assertEquals(List.of(), started("", "archive"));
    Files.writeString(java, REPEATS);
    return archive().toRealPath();
  }

  @ParameterizedTest
  @CsvSource({"17.0.15, org/pushserver/Main", "25, cache"})
  void anArchiveHasWhatAServerNeedsAndNotWhoPlaysTheOthersInItsRehearsal(
      String number, String content) throws Exception {
    version(number);
    assertEquals(content + "\n", Files.readString(makeArchive()));
    assertTrue(Files.isReadable(directory.resolve("lib/pushserver.jsa.for")));
    try (Stream<Path> left = Files.list(directory.resolve("lib"))) {
      assertEquals(3, left.count());
    }
  }

  static Stream<Path> installed() throws IOException {
    try (Stream<Path> found = Files.list(INSTALLED)) {
      return Stream.concat(
          found.filter(each -> Files.isExecutable(each.resolve("bin/java"))),
          Stream.of(Path.of(System.getProperty("java.home"))))
          .filter(each -> Files.isReadable(each.resolve("release")))
          .map(StartScriptTest::real)
          .distinct()
          .toList()
          .stream();
    }
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path;
    }
  }

  @ParameterizedTest
  @MethodSource("installed")
  void everyJavaOfThisMachineTakesTheFlagsWithoutAWord(Path java) throws Exception {
    Files.writeString(home.resolve("release"), Files.readString(java.resolve("release")));
    for (List<String> said : List.of(started(""), started("", "--small"), started("-Xmx1g"))) {
      List<String> command = new ArrayList<>(List.of(java.resolve("bin/java").toString()));
      command.addAll(said.subList(0, said.indexOf("-jar")));
      command.add("--version");
      Command.Ended ended = Command.of(command).run();
      assertEquals(0, ended.code(), ended.said());
      assertFalse(ended.said().toLowerCase(Locale.ROOT).contains("warning"), ended.said());
    }
  }
}
