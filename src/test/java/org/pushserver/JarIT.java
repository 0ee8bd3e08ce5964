// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.pushserver.cli.Version;
import org.pushserver.spi.PushServiceProvider;

/**
 * The jars that a build makes: the server's has all that it needs and says what that is, for those
 * who look for parts with known faults; the library's has what is ours, and leaves alone what an
 * application decides itself.
 */
class JarIT {
  private static final String PARTS = "META-INF/sbom/pushserver.cdx.json";

  /**
   * What Netty, the JOSE library and Cassandra's driver have packed into their own jars, under
   * names of their own.
   */
  private static final Pattern PACKED_BY_OTHERS =
      Pattern.compile(
          "(org\\.jctools|com\\.google\\.code\\.gson|com\\.google\\.j2objc"
              + "|com\\.github\\.stephenc\\.jcip):.*");

  /**
   * Tests and demonstrations, source, descriptions, what is for builders of other programs, and
   * code of other systems.
   */
  private static final Pattern UNUSED =
      Pattern.compile(
          "/(tests?|demos?|examples?|samples?)/|\\.(java|kt|spec|dll|dylib|jnilib)$"
              + "|^META-INF/(native-image|proguard)/");

  private static final String LOGBACK_SETUP =
      "META-INF/services/ch.qos.logback.classic.spi.Configurator";

  /** For tests of what Maven leaves out when it is offline. */
  @Retention(RetentionPolicy.RUNTIME)
  @DisabledIfSystemProperty(
      named = "pushserver.maven",
      matches = "offline=true",
      disabledReason = "with -o Maven does not make the list of parts")
  private @interface WithListOfParts {}

  private static JarFile jar() throws IOException {
    return new JarFile("target/pushserver.jar");
  }

  private static Path library(String kind) {
    return Path.of("target", "pushserver-" + Version.current() + kind + ".jar");
  }

  private static Set<String> files(JarFile jar) {
    return jar.stream()
        .filter(entry -> !entry.isDirectory())
        .map(JarEntry::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> files(Path jar) throws IOException {
    try (JarFile opened = new JarFile(jar.toFile())) {
      return files(opened);
    }
  }

  private static Set<String> without(Set<String> files, String... beginnings) {
    Set<String> rest = new TreeSet<>(files);
    rest.removeIf(file -> Stream.of(beginnings).anyMatch(file::startsWith));
    return rest;
  }

  private static JsonObject parts(JarFile jar) throws IOException {
    try (InputStream in = jar.getInputStream(jar.getEntry(PARTS))) {
      return new JsonObject(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static String name(JsonObject part) {
    return part.getString("group") + ":" + part.getString("name") + ":" + part.getString("version");
  }

  /** Of those parts that bring a description of Maven's along. */
  private static Set<String> described(JarFile jar) throws IOException {
    Set<String> described = new TreeSet<>();
    for (JarEntry entry : jar.stream().toList()) {
      if (entry.getName().endsWith("/pom.properties")) {
        Properties said = new Properties();
        try (InputStream in = jar.getInputStream(entry)) {
          said.load(in);
        }
        described.add(
            said.getProperty("groupId")
                + ":"
                + said.getProperty("artifactId")
                + ":"
                + said.getProperty("version"));
      }
    }
    return described;
  }

  @WithListOfParts
  @Test
  void eachPartOfItIsListedWithVersionAndLicence() throws IOException {
    try (JarFile jar = jar()) {
      JsonObject list = parts(jar);
      assertEquals("CycloneDX", list.getString("bomFormat"));
      Set<String> listed = new TreeSet<>();
      JsonObject self = list.getJsonObject("metadata").getJsonObject("component");
      listed.add(name(self));
      for (Object one : list.getJsonArray("components")) {
        JsonObject part = (JsonObject) one;
        listed.add(name(part));
        JsonArray licences = part.getJsonArray("licenses");
        assertTrue(licences != null && !licences.isEmpty(), part::encodePrettily);
      }
      assertTrue(
          listed.stream().anyMatch(part -> part.startsWith("io.vertx:vertx-core:5.")),
          listed::toString);
      Set<String> missing = described(jar);
      assertTrue(missing.size() > 20, missing::toString);
      missing.removeAll(listed);
      missing.removeIf(PACKED_BY_OTHERS.asMatchPredicate());
      assertEquals(Set.of(), missing);
    }
  }

  @WithListOfParts
  @Test
  void whatIsOnlyForTheBuildIsNotListed() throws IOException {
    try (JarFile jar = jar()) {
      String list = parts(jar).encode();
      assertFalse(list.contains("error_prone"));
      assertFalse(list.contains("junit"));
      assertFalse(list.contains("HdrHistogram"));
    }
  }

  @Test
  void allOfNettyInTheServersJarIsOfOneVersion() throws IOException {
    try (JarFile jar = jar()) {
      Set<String> versions = new TreeSet<>();
      for (String part : described(jar)) {
        if (part.startsWith("io.netty:")) {
          versions.add(part.substring(part.lastIndexOf(':') + 1));
        }
      }
      assertEquals(1, versions.size(), versions::toString);
    }
  }

  @Test
  void theServersJarHasAllThatRunsItAlone() throws IOException {
    try (JarFile jar = jar()) {
      assertEquals(
          Main.class.getName(), jar.getManifest().getMainAttributes().getValue("Main-Class"));
      Set<String> files = files(jar);
      Set<String> missing =
          new TreeSet<>(
              Set.of(
                  LOGBACK_SETUP,
                  "META-INF/services/org.slf4j.spi.SLF4JServiceProvider",
                  "META-INF/native/libnetty_transport_native_epoll_x86_64.so",
                  "META-INF/native/libnetty_transport_native_epoll_aarch_64.so",
                  "ch/qos/logback/classic/Logger.class",
                  "picocli/CommandLine.class",
                  "com/datastax/oss/driver/api/core/CqlSession.class",
                  "reference.conf",
                  "io/vertx/ext/cluster/infinispan/InfinispanClusterManager.class",
                  "jg-magic-map.xml",
                  "io/vertx/core/Vertx.class"));
      missing.removeAll(files);
      assertEquals(Set.of(), missing);
      assertEquals(Set.of(), without(files(library("")), files.toArray(new String[0])));
    }
  }

  /** What JGroups numbers; it loads all of it, or does not start. */
  private static Set<String> numbered(JarFile jar) throws IOException {
    try (InputStream map = jar.getInputStream(jar.getEntry("jg-magic-map.xml"))) {
      return Pattern.compile("name=\"(org\\.jgroups[^\"]+)\"")
          .matcher(new String(map.readAllBytes(), StandardCharsets.UTF_8))
          .results()
          .map(found -> found.group(1).replace('.', '/') + ".class")
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  void allThatJgroupsNumbersIsInTheServersJar() throws IOException {
    try (JarFile jar = jar()) {
      Set<String> named = numbered(jar);
      assertTrue(named.size() > 50, named::toString);
      named.removeAll(files(jar));
      assertEquals(Set.of(), named);
    }
  }

  private static String outermost(String file) {
    return file.replaceFirst("(\\$.*)?\\.class$", "");
  }

  /** Java would make a class for each such place in every start; no archive has it. */
  @Test
  void noClassOfOursHasTextsJoinedByCodeThatIsMadeInAStart() throws IOException {
    try (JarFile jar = jar()) {
      Set<String> joining = new TreeSet<>();
      for (JarEntry entry : jar.stream().toList()) {
        if (entry.getName().matches("org/pushserver/.*\\.class")) {
          try (InputStream in = jar.getInputStream(entry)) {
            String code = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            if (code.contains("makeConcatWithConstants")) {
              joining.add(entry.getName());
            }
          }
        }
      }
      assertEquals(Set.of(), joining);
    }
  }

  /** Each takes memory and time of every start. */
  @Test
  void nothingThatNobodyCanUseIsInTheServersJar() throws IOException {
    try (JarFile jar = jar()) {
      Set<String> unused = files(jar);
      Set<String> kept = numbered(jar);
      unused.removeIf(file -> !UNUSED.matcher(file).find());
      unused.removeIf(
          file -> kept.stream().anyMatch(one -> outermost(one).equals(outermost(file))));
      assertEquals(Set.of(), unused);
    }
  }

  /** Else each start would load parts of a cluster manager, for nothing. */
  @Test
  void neitherVertxNorTheJdkFindPartsOfAClusterInTheServersJar() throws IOException {
    try (JarFile jar = jar()) {
      assertNull(jar.getEntry("META-INF/services/io.vertx.core.spi.VertxServiceProvider"));
      assertNull(jar.getEntry("META-INF/services/java.net.spi.URLStreamHandlerProvider"));
    }
  }

  @Test
  void theLibraryHasOnlyWhatIsOurs() throws IOException {
    assertEquals(
        Set.of("META-INF/MANIFEST.MF"),
        without(
            files(library("")),
            "org/pushserver/",
            "META-INF/maven/org.pushserver/pushserver/",
            "META-INF/services/"));
    try (JarFile jar = new JarFile(library("").toFile())) {
      assertNull(jar.getManifest().getMainAttributes().getValue("Main-Class"));
    }
  }

  /** It brings what is found through services, but sets up nobody's logging. */
  @Test
  void theLibraryNamesItsPluginsAndNoLogging() throws IOException {
    assertEquals(
        Set.of(
            "META-INF/services/io.vertx.config.spi.ConfigProcessor",
            "META-INF/services/org.pushserver.spi.ApplicationType",
            "META-INF/services/org.pushserver.spi.PushServiceProvider"),
        files(library("")).stream()
            .filter(file -> file.startsWith("META-INF/services/"))
            .collect(Collectors.toSet()));
  }

  @Test
  void theLibraryIsAModule() {
    Set<ModuleReference> found = ModuleFinder.of(library("")).findAll();
    assertEquals(1, found.size());
    ModuleDescriptor module = found.iterator().next().descriptor();
    assertEquals("org.pushserver", module.name());
    assertTrue(module.packages().contains("org.pushserver.spi"));
    assertTrue(
        module.provides().stream()
            .anyMatch(one -> one.service().equals(PushServiceProvider.class.getName())));
  }

  @Test
  void sourcesAndJavadocComeWithTheLibrary() throws IOException {
    Set<String> sources = files(library("-sources"));
    assertTrue(sources.contains("org/pushserver/Server.java"));
    Set<String> pages = files(library("-javadoc"));
    assertTrue(pages.contains("index.html"));
    for (String documented : List.of("push/Push", "spi/PushService", "bus/PushClient")) {
      assertTrue(pages.contains("org/pushserver/" + documented + ".html"), documented);
    }
    assertFalse(pages.contains("org/pushserver/queue/package-summary.html"));
    assertFalse(pages.contains("org/pushserver/Server.html"));
  }
}
