// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.RunningServer;
import org.pushserver.fake.Await;
import org.pushserver.plugin.PluginLoader;
import org.pushserver.spi.PushServiceProvider;

/** What is done to the other applications when one of very many changes: nothing. */
@Timeout(60)
class ReloadManyIT {
  private static final String SECTION =
      """
      [phone%1$s]
      app_id = com.example.phone%1$s
      app_type = sylk
      app_platform = counted
      """;

  @TempDir private Path directory;
  @TempDir private Path line;

  private final Vertx vertx = Vertx.vertx();
  private URLClassLoader classPath;
  private RunningServer server;

  @BeforeEach
  void addTheService() throws IOException {
    Path services = Files.createDirectories(line.resolve("META-INF/services"));
    Files.writeString(
        services.resolve(PushServiceProvider.class.getName()), CountedProvider.class.getName());
    classPath =
        new URLClassLoader(new URL[] {line.toUri().toURL()}, ReloadManyIT.class.getClassLoader());
    CountedProvider.forget();
  }

  @AfterEach
  void stop() throws IOException {
    if (server != null) {
      await(server.stop());
    }
    await(vertx.close());
    classPath.close();
  }

  private void configure(int applications, String more) throws IOException {
    String all =
        IntStream.range(0, applications)
            .mapToObj(SECTION::formatted)
            .collect(Collectors.joining("\n"));
    Files.writeString(directory.resolve("applications.ini"), all + more);
  }

  /** Made, opened, closed. */
  private static void untilCounted(int made, int opened, int closed) throws Exception {
    List<Integer> expected = List.of(made, opened, closed);
    Await.until(
        () -> CountedProvider.counts().equals(expected),
        () -> CountedProvider.counts() + " instead of " + expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 1000})
  void aChangeOfOneTouchesThatOneAlone(int applications) throws Exception {
    Files.writeString(directory.resolve("general.ini"), "[server]\nport = 0\n");
    configure(applications, "");
    server = await(RunningServer.start(vertx, directory, new PluginLoader(classPath)));
    untilCounted(applications, applications, 0);
    CountedProvider.forget();

    configure(applications, "call_deadline = 30\n");
    assertTrue(await(server.reload()));
    untilCounted(1, 1, 1);

    configure(applications, "call_deadline = 30\n" + SECTION.formatted("-new"));
    assertTrue(await(server.reload()));
    untilCounted(2, 2, 1);

    assertTrue(await(server.reload()));
    assertEquals(List.of(2, 2, 1), CountedProvider.counts());
  }
}
