// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Vertx;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.cli.Version;
import org.pushserver.fake.Command;
import org.pushserver.fake.RunningCommand;
import org.pushserver.sandbox.Sandbox;
import org.pushserver.sandbox.SandboxOptions;

/**
 * An application that has the library, and nothing but what that brings along: the service in
 * {@code conf/examples}, built by Maven from its own POM, in a process of its own.
 *
 * <p>Maven finds the library where {@code mvn install} would put it, and all else in the local
 * repository of the build of this project, as if that were the only one in the world: so no network
 * is needed, and what the library brings along can only be what is tested here.
 */
@Timeout(180)
class LibraryIT {
  private static final Path EXAMPLES = Path.of("conf", "examples");
  private static final String LIBRARY = "pushserver-" + Version.current();

  /** Starts the example with both of its webhooks, on free ports, and tells those. */
  private static final String DOOR =
      """
      import io.vertx.core.DeploymentOptions;
      import io.vertx.core.Vertx;
      import io.vertx.core.json.JsonObject;

      public final class Door {
        public static void main(String[] args) {
          Vertx vertx = Vertx.vertx();
          ClientWebhook client = new ClientWebhook();
          JsonWebhook json = new JsonWebhook();
          JsonObject free = new JsonObject().put("port", 0);
          BellService.start(vertx, args[0], client, 0)
              .compose(
                  started ->
                      vertx.deployVerticle(json, new DeploymentOptions().setConfig(free)))
              .onSuccess(
                  started -> System.out.println("ports " + client.port() + " " + json.port()))
              .onFailure(Throwable::printStackTrace);
        }
      }
      """;

  private static final Pattern PORTS = Pattern.compile("ports (\\d+) (\\d+)");

  /** What the jar plugin writes down: all that the application needs to run. */
  private static final String CLASS_PATH_IN_MANIFEST =
      """
      <plugin>
        <groupId>org.apache.maven.plugins</groupId>
        <artifactId>maven-jar-plugin</artifactId>
        <version>%s</version>
        <configuration>
          <archive>
            <manifest>
              <addClasspath>true</addClasspath>
              <classpathLayoutType>repository</classpathLayoutType>
              <useUniqueVersions>false</useUniqueVersions>
            </manifest>
          </archive>
        </configuration>
      </plugin>
      </plugins>
      """;

  /** The service's own choice, not the library's. */
  private static final Pattern WRITER_OF_THE_LOG =
      Pattern.compile(
          "<dependency>(?:(?!</dependency>).)*<scope>runtime</scope>\\s*</dependency>",
          Pattern.DOTALL);

  @TempDir private Path directory;

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @Test
  void aServiceWithNothingButTheLibraryRingsAPhone() throws Exception {
    List<String> classPath = build();
    assertEquals(Set.of(), untested(classPath));
    for (String optional : List.of("picocli", "netty-transport-native-epoll", "-epoll-")) {
      assertFalse(classPath.toString().contains(optional), optional);
    }

    Sandbox sandbox = await(Sandbox.start(vertx, SandboxOptions.in(directory)));
    List<String> said;
    try (RunningCommand service = start(classPath, sandbox.configDirectory())) {
      Matcher ports = service.untilSaid(PORTS);
      assertEquals("200", ring(ports.group(1), "apple", "61".repeat(32)));
      assertEquals("200", ring(ports.group(2), "firebase", "phone-of-bob"));
      assertEquals(2, sandbox.journal().list().size());
      said = service.end().lines().filter(line -> !PORTS.matcher(line).matches()).toList();
    }
    // Who brings nothing that writes a log is told so by SLF4J; nothing else has set one up.
    assertEquals(List.of(), said.stream().filter(line -> !line.startsWith("SLF4J(W)")).toList());
    assertFalse(said.isEmpty());
  }

  /** Returns what the service needs to run, itself first. */
  private List<String> build() throws Exception {
    Path service = Files.createDirectory(directory.resolve("service"));
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, service.resolve(file.getFileName()));
      }
    }
    Files.writeString(service.resolve("Door.java"), DOOR);
    Path pom = service.resolve("pom.xml");
    String jarPlugin = plugin("jar");
    Files.writeString(
        pom,
        WRITER_OF_THE_LOG
            .matcher(Files.readString(pom))
            .replaceAll("")
            .replace("</plugins>", CLASS_PATH_IN_MANIFEST.formatted(version(jarPlugin))));
    Path repository = install();
    maven(service, repository, plugin("compiler") + ":compile", jarPlugin + ":jar");

    List<String> classPath = new ArrayList<>();
    try (Stream<Path> built = Files.list(service.resolve("target"))) {
      Path jar = built.filter(file -> file.toString().endsWith(".jar")).findFirst().orElseThrow();
      classPath.add(jar.toString());
      try (JarFile opened = new JarFile(jar.toFile())) {
        String needed = opened.getManifest().getMainAttributes().getValue("Class-Path");
        Stream.of(needed.split(" "))
            .map(one -> repository.resolve(one).toString())
            .forEach(classPath::add);
      }
    }
    return classPath;
  }

  /** As {@code mvn install} does, into an empty repository. */
  private Path install() throws IOException {
    Path repository = directory.resolve("repository");
    Path place =
        Files.createDirectories(
            repository.resolve("org/pushserver/pushserver/" + Version.current()));
    Files.copy(Path.of("target", LIBRARY + ".jar"), place.resolve(LIBRARY + ".jar"));
    Files.copy(Path.of("pom.xml"), place.resolve(LIBRARY + ".pom"));
    return repository;
  }

  /** The coordinates of the plugin, of the version that the build uses. */
  private static String plugin(String name) throws IOException {
    String artifact = "maven-" + name + "-plugin";
    Matcher version =
        Pattern.compile("<artifactId>" + artifact + "</artifactId>\\s*<version>(.*?)</version>")
            .matcher(Files.readString(Path.of("pom.xml")));
    assertTrue(version.find(), artifact);
    return "org.apache.maven.plugins:" + artifact + ":" + version.group(1);
  }

  private static String version(String coordinates) {
    return coordinates.substring(coordinates.lastIndexOf(':') + 1);
  }

  private void maven(Path project, Path repository, String... goals) throws Exception {
    String home = System.getProperty("user.home");
    Path known = Path.of(System.getProperty("pushserver.repository", home + "/.m2/repository"));
    Path settings = directory.resolve("settings.xml");
    Files.writeString(
        settings,
        """
        <settings>
          <localRepository>%s</localRepository>
          <mirrors>
            <mirror>
              <id>here</id>
              <mirrorOf>*</mirrorOf>
              <url>%s</url>
            </mirror>
          </mirrors>
        </settings>
        """
            .formatted(repository, known.toUri()));
    List<String> command =
        new ArrayList<>(
            List.of("mvn", "-B", "-q", "-Dstyle.color=never", "-s", settings.toString()));
    command.addAll(List.of(goals));
    Command.Ended maven =
        Command.of(command)
            .in(project)
            .with(
                Map.of(
                    "JAVA_HOME",
                    System.getProperty("java.home"),
                    "MAVEN_OPTS",
                    "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"))
            .within(Duration.ofMinutes(4))
            .run();
    assertEquals(0, maven.code(), maven::said);
  }

  /** Jars that are not among those that the tests run with, in the same version. */
  private static Set<String> untested(List<String> classPath) {
    Set<String> rest =
        classPath.stream()
            .skip(1)
            .map(one -> Path.of(one).getFileName().toString())
            .collect(Collectors.toCollection(TreeSet::new));
    Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(one -> Path.of(one).getFileName().toString())
        .forEach(rest::remove);
    assertTrue(rest.remove(LIBRARY + ".jar"));
    return rest;
  }

  private static RunningCommand start(List<String> classPath, Path config) throws IOException {
    return Command.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            String.join(File.pathSeparator, classPath),
            "Door",
            config.toString())
        .start();
  }

  private static String ring(String port, String platform, String token) throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .sendAsync(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/ring"))
                    .POST(
                        HttpRequest.BodyPublishers.ofString(
                            "{\"platform\": \"%s\", \"token\": \"%s\"}".formatted(platform, token)))
                    .build(),
                HttpResponse.BodyHandlers.ofString())
            .get(60, TimeUnit.SECONDS);
    return answer.statusCode() == 200 ? "200" : answer.statusCode() + " " + answer.body();
  }
}
