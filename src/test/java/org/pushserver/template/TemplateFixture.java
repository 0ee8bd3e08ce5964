// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.apns.ApnsProvider;
import org.pushserver.fcm.FcmProvider;
import org.pushserver.push.AppKey;
import org.pushserver.push.Push;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.Payload;
import org.pushserver.spi.Problem;
import org.pushserver.spi.PushService;
import org.pushserver.spi.PushServiceProvider;

/** Writes a section and templates, and reads them as the server does. */
abstract class TemplateFixture {
  static final ObjectMapper JSON = new ObjectMapper();
  static final String PIGEON = "pigeon";

  @TempDir Path dir;

  final List<Problem> warnings = new ArrayList<>();
  final Map<String, String> settings = new LinkedHashMap<>();
  String platform = PIGEON;

  ApplicationType configure() throws ConfigException {
    AppConfig config =
        new AppConfig(
            dir.resolve("applications.ini").toString(),
            "door",
            new AppKey("com.example.phone", platform),
            "template",
            settings,
            dir.resolve("credentials"),
            Delivery.DEFAULT);
    return new TemplateApplication().configure(config, service(), warnings::add);
  }

  private PushServiceProvider service() {
    return switch (platform) {
      case AppKey.APPLE -> new ApnsProvider();
      case AppKey.FIREBASE -> new FcmProvider();
      default -> new Pigeon();
    };
  }

  /** A push service that wants nothing in particular. */
  private static final class Pigeon implements PushServiceProvider {
    @Override
    public String platform() {
      return PIGEON;
    }

    @Override
    public PushService create(AppConfig config, Consumer<Problem> warnings) {
      throw new UnsupportedOperationException();
    }
  }

  /** A type with one template for all events. */
  ApplicationType template(String text) throws Exception {
    write("door.json", text);
    settings.put("payload_template", "door.json");
    return configure();
  }

  void write(String name, String text) throws IOException {
    Files.writeString(dir.resolve(name), text);
  }

  /** What is wrong, without the place of this test's files. */
  List<String> problems() {
    return assertThrows(ConfigException.class, this::configure).problems().stream()
        .map(problem -> problem.key() + ": " + problem.message().replace(dir + "/", ""))
        .toList();
  }

  String problem(String text) throws IOException {
    write("door.json", text);
    settings.put("payload_template", "door.json");
    settings.putIfAbsent("events", "incoming_session");
    List<String> problems = problems();
    assertEquals(1, problems.size(), problems::toString);
    return problems.get(0);
  }

  Payload make(ApplicationType type, Push push) {
    return type.payloadMaker(platform).orElseThrow().make(push, push.bornAt());
  }

  JsonNode told(ApplicationType type, Push push) throws JsonProcessingException {
    return JSON.readTree(make(type, push).body().toString());
  }
}
