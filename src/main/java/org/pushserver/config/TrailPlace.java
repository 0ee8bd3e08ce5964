// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.pushserver.spi.ConfigException;

/**
 * Where the files of the trail are, for who wants to read them while no server runs: of the
 * configuration only this is understood, so that nothing else in it stands in the way.
 *
 * @param folder where they are, or would be
 * @param on whether a server with this configuration writes them
 * @param general the file that says so
 * @param isOfCluster whether that server is one of several, each of which has a trail of its own
 * @param admin where that server's admin door is, as {@code http://127.0.0.1:9400}; empty when it
 *     has none
 */
public record TrailPlace(Path folder, boolean on, Path general, boolean isOfCluster, String admin) {
  private static final String SECTION = "server";
  private static final String LOOPBACK = "127.0.0.1";

  /**
   * Looks it up. Blocks.
   *
   * @param given the configuration directory; null to search for it
   * @throws ConfigException when there is none
   * @throws IOException when its general.ini cannot be read
   */
  public static TrailPlace find(Path given) throws ConfigException, IOException {
    Path directory = ConfigDirectory.find(given, ConfigDirectory.SEARCHED);
    if (!Files.isExecutable(directory)) {
      // Else its files would seem not to be there.
      throw new AccessDeniedException(directory.toString());
    }
    Path general = directory.resolve(ConfigDirectory.GENERAL);
    IniFile ini =
        Files.exists(general)
            ? IniProcessor.read(general)
            : IniText.parse(ConfigDirectory.GENERAL, "");
    Set<String> known = KeyNames.GENERAL.get(SECTION);
    Map<String, String> keys =
        KeyNames.canonical(ini.sections().getOrDefault(SECTION, ini.defaults()), known::contains);
    SectionReader in = new SectionReader(ini.file(), SECTION, keys, problem -> {});
    TrailSettings settings = TrailSettings.read(in, directory);
    return new TrailPlace(
        settings.folder(),
        settings.isOn(),
        general,
        ini.sections().containsKey(ClusterSettings.SECTION),
        admin(in));
  }

  private static String admin(SectionReader in) {
    String port = in.text("admin_port").orElse("");
    String host = in.text("admin_host").orElse(LOOPBACK);
    boolean isAnywhere = host.equals("0.0.0.0") || host.equals("::");
    return port.matches("[1-9][0-9]{0,4}")
        ? "http://" + ListenAddress.text(isAnywhere ? LOOPBACK : host, Integer.parseInt(port))
        : "";
  }
}
