// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.plugin.PluginFiles.app;
import static org.pushserver.plugin.PluginFiles.custom;
import static org.pushserver.plugin.PluginFiles.type;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushserver.dispatch.Catalog;
import org.pushserver.dispatch.PreparedApplications;
import org.pushserver.events.Application;
import org.pushserver.events.ApplicationListener;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Problem.Severity;
import org.pushserver.spi.PushServiceProvider;
import org.pushserver.spi.SamplePush;

class PluginLoaderTest {
  private static final List<String> BUILT_IN_TYPES = List.of("sylk", "linphone", "template");

  private static final String ALIASES =
      "public java.util.Set<String> aliases() { return java.util.Set.of(\"bird\", \"ios\"); }\n"
          + "  public String";

  @TempDir Path dir;

  private final PluginLoader loader = new PluginLoader();
  private Path applications;
  private Path services;

  @BeforeEach
  void makeFolders() throws IOException {
    applications = Files.createDirectory(dir.resolve("applications"));
    services = Files.createDirectory(dir.resolve("pns"));
  }

  private Plugins load() {
    return loader.load(custom(), List.of(), applications, services);
  }

  @CanIgnoreReturnValue
  private Path write(String name, String content) throws IOException {
    return Files.writeString(applications.resolve(name), content);
  }

  private static List<String> names(Plugins plugins) {
    return plugins.types().stream().map(ApplicationType::name).toList();
  }

  private static ApplicationType last(Plugins plugins) {
    return plugins.types().get(plugins.types().size() - 1);
  }

  private static String told(ApplicationType type) {
    return type.payloadMaker("any")
        .orElseThrow()
        .make(SamplePush.of(Event.MESSAGE).push(), SamplePush.BORN)
        .body()
        .toString();
  }

  private static String problem(Plugins plugins) {
    assertEquals(1, plugins.problems().size(), () -> plugins.problems().toString());
    Problem problem = plugins.problems().get(0);
    assertEquals(Severity.WARNING, problem.severity());
    return problem.message();
  }

  @Test
  void withoutPluginsThereAreTheBuiltInOnes() {
    Plugins plugins =
        loader.load(custom(), List.of(), dir.resolve("none"), dir.resolve("none either"));
    assertEquals(BUILT_IN_TYPES, names(plugins));
    assertEquals(
        List.of(AppKey.APPLE, AppKey.FIREBASE),
        plugins.providers().stream().map(PushServiceProvider::platform).toList());
    assertEquals(List.of(), plugins.problems());
  }

  @Test
  void aSourceFileIsCompiledAndItsPublicClassUsed() throws IOException {
    write("Doorbell.java", type("Doorbell", "doorbell"));
    Plugins plugins = load();
    assertEquals(List.of("sylk", "linphone", "template", "doorbell"), names(plugins));
    assertEquals("doorbell", told(last(plugins)));
    assertEquals(List.of(), plugins.problems());
  }

  @Test
  void aJarIsAskedAsServiceLoaderDoes() throws Exception {
    PluginFiles.writeJar(
        applications.resolve("door.jar"), PluginFiles.jarOfType("Doorbell", "doorbell"));
    Plugins plugins = load();
    assertEquals("doorbell", told(last(plugins)));
    assertEquals(List.of(), plugins.problems());
  }

  @Test
  void aJarsResourcesAreFoundByItsClasses() throws Exception {
    String source =
        type("Doorbell", "doorbell")
            .replace("return \"doorbell\";", "return read();")
            .replace(
                "public List",
                """
                private String read() {
                  try (var in = getClass().getResourceAsStream("/name.txt")) {
                    return new String(in.readAllBytes());
                  } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  }
                }
                public List""");
    Map<String, byte[]> files = new TreeMap<>(PluginFiles.compile("Doorbell", source));
    files.put(PluginFiles.TYPE_SERVICE, "Doorbell # the bell".getBytes(UTF_8));
    files.put("name.txt", "bell".getBytes(UTF_8));
    PluginFiles.writeJar(applications.resolve("door.jar"), files);
    assertEquals("bell", last(load()).name());
  }

  @Test
  void eitherFolderMayHaveEitherKind() throws IOException {
    Files.writeString(services.resolve("Doorbell.java"), type("Doorbell", "doorbell"));
    write("Pigeon.java", PluginFiles.provider("Pigeon", "pigeon"));
    Plugins plugins = load();
    assertEquals("doorbell", last(plugins).name());
    assertEquals("pigeon", plugins.providers().get(2).platform());
  }

  @Test
  void noPluginIsLoadedWhileTheBuiltInOnesSuffice() throws IOException {
    write("Broken.java", "this is no Java");
    Plugins plugins = loader.load(List.of("sylk"), List.of(AppKey.APPLE), applications, services);
    assertEquals(BUILT_IN_TYPES, names(plugins));
    assertEquals(List.of(), plugins.problems());
  }

  @Test
  void hiddenFilesAndOthersAreNoPlugins() throws IOException {
    write(".#Doorbell.java", "an editor's");
    write("Doorbell.java~", "an editor's");
    write("README", "how to");
    write("__init__.py", "");
    Files.createDirectory(applications.resolve("folder.jar"));
    assertEquals(List.of(), load().problems());
  }

  @Test
  void aPluginOfTheOldSystemIsTold() throws IOException {
    write("myapp.py", "class MyApp: pass");
    assertEquals(
        "is a plugin for Sylk Pushserver, in Python; write it again as Java, or as a template",
        problem(load()));
  }

  @Test
  void whatTheCompilerSaysIsToldWithItsLine() throws IOException {
    Path file =
        write("Doorbell.java", "public class Doorbell {\n  int x = 1\n  String y = 2;\n}\n");
    Plugins plugins = load();
    assertEquals("does not compile: line 2: ';' expected", problem(plugins));
    assertEquals(file.toString(), plugins.problems().get(0).file());
  }

  @Test
  void aPluginThatDoesNotLoadDisablesOnlyTheApplicationsThatNameIt() throws IOException {
    Path file = write("Doorbell.java", "public class Doorbell {");
    write("Good.java", type("Good", "good"));
    Files.writeString(services.resolve("Pigeon.java"), PluginFiles.provider("Pigeon", "pigeon"));
    PreparedApplications prepared =
        Catalog.of(load(), (config, warnings) -> ApplicationListener.NONE)
            .prepare(
                List.of(app("doorbell", AppKey.APPLE), app("good", "pigeon"), app("good", "drum")));
    assertEquals(List.of(), prepared.applications().stream().map(Application::section).toList());
    assertEquals(
        List.of(
            "applications.ini [doorbell-apple] app_type: 'doorbell' is not known; known are: sylk,"
                + " linphone, template, good; "
                + file
                + ": does not compile: line 1: reached end of file while parsing",
            "applications.ini [good-pigeon]: its application type or push service fails while it is"
                + " made: no pigeons today",
            "applications.ini [good-drum] app_platform: 'drum' is not known; known are: apple,"
                + " firebase, pigeon; "
                + file
                + ": does not compile: line 1: reached end of file while parsing"),
        prepared.problems().stream().map(Problem::toString).toList());
  }

  @Test
  void withoutACompilerASourceFileIsToldAndAJarWorks() throws Exception {
    write("Doorbell.java", type("Doorbell", "doorbell"));
    PluginFiles.writeJar(applications.resolve("a.jar"), PluginFiles.jarOfType("Chime", "chime"));
    Plugins plugins =
        new PluginLoader(PluginLoader.class.getClassLoader(), () -> null)
            .load(custom(), List.of(), applications, services);
    assertEquals(
        "cannot be compiled: this Java runtime has no compiler; run the server with a JDK, or make"
            + " the plugin a jar",
        problem(plugins));
    assertEquals("chime", last(plugins).name());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "class Other {} | has no public class Doorbell",
        "class Doorbell {} | the class Doorbell must be public and not abstract, with a public"
            + " constructor without arguments",
        "public class Doorbell { public Doorbell(int x) {} } | the class Doorbell must be public and"
            + " not abstract, with a public constructor without arguments",
        "public class Doorbell { public Doorbell() { throw new IllegalStateException(\"no\"); } } |"
            + " the class Doorbell fails: no",
        "public class Doorbell { static int x = 1 / 0; } | fails while it is loaded:"
            + " a programming error at Doorbell.java:1",
        "public class Doorbell {} | its public class implements neither ApplicationType nor"
            + " PushServiceProvider",
        "package org.pushserver.push; public class Doorbell {} | the class"
            + " org.pushserver.push.Doorbell fails: org.pushserver.push.Doorbell is in a package of the server; give the plugin's"
            + " classes another one",
      })
  void aSourceThatIsNoPluginIsTold(String source, String message) throws IOException {
    write("Doorbell.java", source);
    assertEquals(message, problem(load()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"doorbell\" | \"Door Bell\" | fails while it is loaded:"
            + " 'Door Bell' is no name; use lower-case letters,"
            + " digits, dots and dashes",
        "\"doorbell\" | null | fails while it is loaded: it has no name",
        "List.of(Event.MESSAGE) | List.of() | fails while it is loaded:"
            + " the application type doorbell has no events",
      })
  void aTypeThatBreaksItsContractIsTold(String good, String bad, String message)
      throws IOException {
    write("Doorbell.java", type("Doorbell", "doorbell").replace(good, bad));
    assertEquals(message, problem(load()));
  }

  @Test
  void aJarThatIsNoneIsTold() throws IOException {
    write("door.jar", "no zip");
    String message = problem(load());
    assertTrue(message.startsWith("cannot be read as a jar: "), message);
  }

  @Test
  void aJarWithoutServicesIsTold() throws IOException {
    PluginFiles.writeJar(applications.resolve("door.jar"), Map.of("a.txt", new byte[0]));
    assertEquals(
        "names neither an ApplicationType nor a PushServiceProvider of its own in"
            + " META-INF/services",
        problem(load()));
  }

  @Test
  void aJarThatNamesAClassWhichIsNotInItIsTold() throws IOException {
    PluginFiles.writeJar(
        applications.resolve("door.jar"),
        Map.of(PluginFiles.TYPE_SERVICE, "com.example.Door".getBytes(UTF_8)));
    assertEquals("fails while it is loaded: Provider com.example.Door not found", problem(load()));
  }

  @ParameterizedTest
  @CsvSource({"sylk", "linphone", "template"})
  void aBuiltInTypeIsNeverShadowed(String name) throws IOException {
    write("Doorbell.java", type("Doorbell", name));
    Plugins plugins = load();
    assertEquals(BUILT_IN_TYPES, names(plugins));
    assertEquals(
        "its application type '"
            + name
            + "' is not used: a built-in one has that name; give it another one",
        problem(plugins));
  }

  @ParameterizedTest
  @CsvSource({"apple", "ios", "apns", "firebase", "android", "fcm"})
  void aBuiltInPushServiceIsNeverShadowedNorItsSynonyms(String platform) throws IOException {
    write("Pigeon.java", PluginFiles.provider("Pigeon", platform));
    Plugins plugins = load();
    assertEquals(2, plugins.providers().size());
    assertEquals(
        "its push service '"
            + platform
            + "' is not used: a built-in one has that name; give it another one",
        problem(plugins));
  }

  @Test
  void aFurtherNameIsForOnePushServiceOnly() throws IOException {
    write("Dove.java", PluginFiles.provider("Dove", "dove").replace("public String", ALIASES));
    Plugins plugins = load();
    assertEquals("dove", plugins.platform("bird"));
    assertEquals("dove", plugins.platform("dove"));
    assertEquals(AppKey.APPLE, plugins.platform("ios"));
    assertEquals("duck", plugins.platform("duck"));
    assertEquals(
        "its further name 'ios' is not used: a built-in one has that name; give it another one",
        problem(plugins));
  }

  @Test
  void aSectionMayCallAPushServiceByAFurtherName() throws IOException {
    write("Dove.java", PluginFiles.provider("Dove", "dove").replace("public String", ALIASES));
    Plugins plugins = loader.load(List.of("sylk"), List.of("bird"), applications, services);
    assertEquals("dove", plugins.provider("bird").orElseThrow().platform());
    assertEquals(
        2, loader.load(List.of("sylk"), List.of("fcm"), applications, services).providers().size());
  }

  @Test
  void ofTwoPluginsWithOneNameTheFirstFileIsUsed() throws IOException {
    Path first = write("A.java", type("A", "doorbell"));
    write("B.java", type("B", "doorbell"));
    assertEquals(
        "its application type 'doorbell' is not used: "
            + first
            + " has that name; give it another one",
        problem(load()));
  }

  @Test
  void aFileWithTheSameContentKeepsItsInstances() throws IOException {
    Path file = write("Doorbell.java", type("Doorbell", "doorbell"));
    write("Other.java", type("Other", "other"));
    Plugins before = load();
    Files.writeString(file, type("Doorbell", "doorbell"));
    write("Other.java", type("Other", "changed"));
    Plugins after = load();
    assertSame(before.types().get(3), after.types().get(3));
    assertTrue(after.servesAsBefore(app("doorbell", AppKey.APPLE), before));
    assertTrue(after.servesAsBefore(app("sylk", AppKey.APPLE), before));
    assertFalse(after.servesAsBefore(app("other", AppKey.APPLE), before));
    assertFalse(after.servesAsBefore(app("changed", AppKey.APPLE), before));
    assertEquals("other", before.types().get(4).name());
    assertEquals("changed", after.types().get(4).name());
  }

  @Test
  void theBuiltInOnesAreTheSameEachTime() {
    Plugins before = load();
    Plugins after = load();
    assertEquals(before.types(), after.types());
    assertEquals(before.providers(), after.providers());
  }

  @Test
  void aPluginIsKeptUntilTheLastThatUsesItReleasesIt() throws IOException {
    write("Doorbell.java", type("Doorbell", "doorbell"));
    Plugins first = load();
    Plugins second = load();
    first.release();
    first.release();
    Plugins third = load();
    assertSame(last(second), last(third));
    second.release();
    third.release();
    Plugins fourth = load();
    assertNotSame(last(third), last(fourth));
    assertEquals("doorbell", told(last(fourth)));
  }

  @Test
  void aRemovedPluginGoes() throws IOException {
    Path file = write("Doorbell.java", type("Doorbell", "doorbell"));
    Plugins before = load();
    Files.delete(file);
    assertEquals(BUILT_IN_TYPES, names(load()));
    assertEquals("doorbell", told(last(before)));
  }

  @Test
  void aFailedPluginIsTriedAgainWhenItsFileChanges() throws IOException {
    write("Doorbell.java", "broken");
    assertEquals(1, load().problems().size());
    assertEquals(1, load().problems().size());
    write("Doorbell.java", type("Doorbell", "doorbell"));
    assertEquals(List.of(), load().problems());
  }
}
