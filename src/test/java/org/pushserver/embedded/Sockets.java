// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The sockets and other open files of this process, as Linux tells. */
final class Sockets {
  private static final String LISTENS = "0A";

  private Sockets() {}

  /** The addresses that this process listens on. */
  static Set<String> listening() throws IOException {
    Set<String> own = new TreeSet<>();
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      for (Path file : files.toList()) {
        if (Files.isSymbolicLink(file)) {
          own.add(Files.readSymbolicLink(file).toString());
        }
      }
    }
    Set<String> addresses = new TreeSet<>();
    for (String table : List.of("tcp", "tcp6")) {
      for (String line : Files.readAllLines(Path.of("/proc/self/net/" + table))) {
        String[] columns = line.strip().split("\\s+", -1);
        if (columns[3].equals(LISTENS) && own.contains("socket:[" + columns[9] + "]")) {
          addresses.add(columns[1]);
        }
      }
    }
    return addresses;
  }
}
