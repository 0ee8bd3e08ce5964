// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.pushserver.push.AppKey;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Delivery;

/** Plugins made for tests, and the sections that name them. */
final class PluginFiles {
  static final String TYPE_SERVICE = "META-INF/services/org.pushserver.spi.ApplicationType";

  private PluginFiles() {}

  /** An application type that knows messages, on every platform. */
  static String type(String className, String name) {
    return """
        import java.util.List;
        import java.util.Map;
        import java.util.Optional;
        import io.vertx.core.buffer.Buffer;
        import org.pushserver.push.Event;
        import org.pushserver.spi.*;

        public class %s implements ApplicationType {
          public String name() { return "%s"; }
          public List<Event> events() { return List.of(Event.MESSAGE); }
          public Optional<PayloadMaker> payloadMaker(String platform) {
            return Optional.of((push, now) -> new Payload(Map.of(), Buffer.buffer(name())));
          }
        }
        """
        .formatted(className, name);
  }

  /** A push service that cannot be made. */
  static String provider(String className, String platform) {
    return """
        import java.util.function.Consumer;
        import org.pushserver.spi.*;

        public class %s implements PushServiceProvider {
          public String platform() { return "%s"; }
          public PushService create(AppConfig config, Consumer<Problem> warnings) {
            throw new UnsupportedOperationException("no pigeons today");
          }
        }
        """
        .formatted(className, platform);
  }

  static Map<String, byte[]> compile(String className, String source) throws Exception {
    return new SourceCompiler(ToolProvider::getSystemJavaCompiler)
        .compile(Path.of(className + ".java"), source.getBytes(UTF_8));
  }

  /** A jar whose one service is an application type. */
  static Map<String, byte[]> jarOfType(String className, String name) throws Exception {
    Map<String, byte[]> files = new TreeMap<>(compile(className, type(className, name)));
    files.put(TYPE_SERVICE, className.getBytes(UTF_8));
    return files;
  }

  static void writeJar(Path jar, Map<String, byte[]> files) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        out.putNextEntry(new JarEntry(file.getKey()));
        out.write(file.getValue());
      }
    }
  }

  static AppConfig app(String type, String platform) {
    return new AppConfig(
        "applications.ini",
        type + "-" + platform,
        new AppKey("com.example.phone", platform),
        type,
        Map.of(),
        Path.of("credentials"),
        Delivery.DEFAULT);
  }

  /** So that plugins are needed at all. */
  static List<String> custom() {
    return List.of("custom");
  }
}
