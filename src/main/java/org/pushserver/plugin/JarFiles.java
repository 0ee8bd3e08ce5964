// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipFile;

/** Reads what is in a jar, as this Java version is to see it. */
final class JarFiles {
  /** Of all files together, unpacked: they stay in memory. */
  static final int LIMIT = 64 * 1024 * 1024;

  private JarFiles() {}

  /**
   * Reads all files.
   *
   * @throws PluginException when it is no jar, or a huge one
   */
  static Map<String, byte[]> read(Path jarFile) throws PluginException {
    Map<String, byte[]> files = new HashMap<>();
    int left = LIMIT;
    try (JarFile jar =
        new JarFile(jarFile.toFile(), true, ZipFile.OPEN_READ, JarFile.runtimeVersion())) {
      List<JarEntry> entries = jar.versionedStream().filter(entry -> !entry.isDirectory()).toList();
      for (JarEntry entry : entries) {
        try (InputStream in = jar.getInputStream(entry)) {
          byte[] bytes = in.readNBytes(left + 1);
          left -= bytes.length;
          if (left < 0) {
            throw new PluginException("has more than " + LIMIT + " bytes when unpacked");
          }
          files.put(entry.getName(), bytes);
        }
      }
    } catch (IOException | SecurityException e) {
      throw new PluginException("cannot be read as a jar", e);
    }
    return files;
  }
}
