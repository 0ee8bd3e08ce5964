// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.pushserver.push.AppKey;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.PushServiceProvider;

/** The samples in conf/, as they stand. */
final class SampleFiles {
  static final Path CONF = Path.of("conf").toAbsolutePath();

  private static final Plugins PLUGINS =
      new PluginLoader()
          .load(PluginFiles.custom(), List.of(), CONF.resolve("applications"), CONF.resolve("pns"));

  private SampleFiles() {}

  static ApplicationType type(String name) {
    assertEquals(List.of(), PLUGINS.problems());
    return PLUGINS.types().stream().filter(one -> one.name().equals(name)).findAny().orElseThrow();
  }

  static PushServiceProvider provider(String platform) {
    assertEquals(List.of(), PLUGINS.problems());
    return PLUGINS.providers().stream()
        .filter(one -> one.platform().equals(platform))
        .findAny()
        .orElseThrow();
  }

  /** A section in conf/applications.ini. */
  static AppConfig section(
      String type, String platform, Map<String, String> settings, Delivery delivery) {
    return new AppConfig(
        CONF.resolve("applications.ini").toString(),
        "door",
        new AppKey("com.example.door", platform),
        type,
        settings,
        Path.of("/"),
        delivery);
  }
}
