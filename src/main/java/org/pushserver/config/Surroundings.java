// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Problem.Severity;

/**
 * Whether this machine lets a server do what its configuration says: listen, log, read its files;
 * and whether others may read its keys. Blocks.
 */
public final class Surroundings {
  private static final String SERVER = "server";
  private static final int FIRST_FOR_ALL = 1024;
  private static final long LARGEST_KEY_FILE = 1 << 20;

  private final Settings settings;
  private final String general;
  private final List<String> notes = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();

  private Surroundings(Settings settings) {
    this.settings = settings;
    this.general = settings.general();
  }

  /**
   * Looks around.
   *
   * @param user who is to run the server; null for whoever asks
   */
  public static Surroundings of(Settings settings, String user) {
    Surroundings around = new Surroundings(settings);
    if (!around.isWrong("host", "--ip")) {
      around.listen("port", new ListenAddress(settings.server().host(), settings.server().port()));
    }
    if (settings.server().admin() != null && !around.isWrong("admin_host", "admin_port")) {
      around.listen("admin_port", settings.server().admin());
    }
    ClusterSettings cluster = settings.server().cluster();
    if (cluster != null) {
      around.problems.addAll(
          unlistenable(around.general, cluster).stream()
              .filter(problem -> problem.key().equals("address"))
              .toList());
    }
    Optional<FileRights> rights = user == null ? Optional.empty() : FileRights.of(user);
    if (user != null && rights.isEmpty()) {
      around.problems.add(
          new Problem(
              Severity.ERROR, "command line", "", "--user", "'" + user + "' is no user here"));
    }
    around.log(user, rights);
    around.trail(user, rights);
    around.spool(user, rights);
    rights.ifPresent(may -> around.reads(user, may));
    around.warnOfOpenKeys();
    return around;
  }

  /** What there is to know, one line each. */
  public List<String> notes() {
    return notes;
  }

  /** What does not work. */
  public List<Problem> problems() {
    return problems;
  }

  /** Whether it was said already that one of these keys cannot be used. */
  private boolean isWrong(String... keys) {
    return settings.problems().stream()
        .anyMatch(
            problem ->
                problem.severity() == Severity.FATAL && List.of(keys).contains(problem.key()));
  }

  private void report(Severity severity, String key, String message) {
    problems.add(new Problem(severity, general, SERVER, key, message));
  }

  /** An address in use is no problem of the configuration: it mostly is its server that runs. */
  private void listen(String key, ListenAddress address) {
    ListenCheck check = ListenCheck.of(address);
    if (check == ListenCheck.FREE || check == ListenCheck.IN_USE) {
      notes.add(address + " " + check.words());
    } else {
      problems.add(unlistenable(general, key, address, check));
    }
  }

  /**
   * Why a server that is to start now could not listen; empty when it can. Blocks.
   *
   * @param doors those that it is to have
   */
  public static List<Problem> unlistenable(Settings settings, Doors doors) {
    ServerSettings server = settings.server();
    List<Problem> found = new ArrayList<>();
    Map<String, ListenAddress> addresses = new TreeMap<>();
    if (doors.http()) {
      addresses.put("port", new ListenAddress(server.host(), server.port()));
    }
    if (doors.admin() && server.admin() != null) {
      addresses.put("admin_port", server.admin());
    }
    addresses.forEach(
        (key, address) -> {
          ListenCheck check = ListenCheck.of(address);
          boolean taken = check == ListenCheck.IN_USE && doors.takesOver();
          if (check != ListenCheck.FREE && !taken) {
            found.add(unlistenable(settings.general(), key, address, check));
          }
        });
    return found;
  }

  /**
   * Why a server that is to start now could not be a member of its cluster; empty when it can.
   * Blocks.
   *
   * @param general the file with the section
   */
  public static List<Problem> unlistenable(String general, ClusterSettings cluster) {
    List<Problem> found = new ArrayList<>();
    Map<String, Integer> ports = new TreeMap<>();
    ports.put("port", cluster.port());
    ports.put("bus_port", cluster.busPort());
    ports.forEach(
        (key, port) -> {
          ListenAddress address = new ListenAddress(cluster.address(), port);
          ListenCheck check = ListenCheck.of(address);
          if (check != ListenCheck.FREE) {
            found.add(
                new Problem(
                    Severity.FATAL,
                    general,
                    ClusterSettings.SECTION,
                    check == ListenCheck.NOT_HERE ? "address" : key,
                    (check == ListenCheck.NOT_HERE ? cluster.address() : address.toString())
                        + " "
                        + check.words()
                        + (check == ListenCheck.IN_USE
                            ? "; stop that, or choose another port"
                            : "")));
          }
        });
    return found.stream().distinct().toList();
  }

  private static Problem unlistenable(
      String general, String key, ListenAddress address, ListenCheck check) {
    boolean ofHost = check == ListenCheck.NO_NAME || check == ListenCheck.NOT_HERE;
    return new Problem(
        Severity.FATAL,
        general,
        SERVER,
        ofHost ? key.replace("port", "host") : key,
        (ofHost ? address.host() : address.toString())
            + " "
            + check.words()
            + (check == ListenCheck.IN_USE ? "; stop that, or choose another port" : ""));
  }

  private void log(String user, Optional<FileRights> rights) {
    if (!settings.server().log().toFile()) {
      return;
    }
    Path file = settings.server().log().file();
    boolean writable = rights.map(may -> may.mayWrite(file)).orElseGet(() -> isWritable(file));
    if (!writable) {
      report(
          Severity.WARNING,
          "log_file",
          file
              + (Files.isDirectory(file) ? " is a folder" : " cannot be written")
              + (user == null ? "" : " by " + user)
              + ", so nothing is logged to it; make its folder writable, or name another file");
    }
  }

  private void trail(String user, Optional<FileRights> rights) {
    TrailSettings trail = settings.server().trail();
    if (!trail.isOn()) {
      return;
    }
    Path file = trail.folder().resolve("lock");
    boolean writable = rights.map(may -> may.mayWrite(file)).orElseGet(() -> isWritable(file));
    if (!writable) {
      report(
          Severity.WARNING,
          "state_dir",
          trail.stateFolder()
              + " cannot be written"
              + (user == null ? "" : " by " + user)
              + ", so no record of pushes is kept; make it the server's own (mkdir, chown), or name"
              + " another folder");
    }
  }

  private void spool(String user, Optional<FileRights> rights) {
    Path folder = settings.server().spool().folder();
    Path file = folder.resolve("a").resolve("lock");
    if (settings.server().spool().isOn()
        && !rights.map(may -> may.mayWrite(file)).orElseGet(() -> isWritable(file))) {
      report(
          Severity.FATAL,
          "spool",
          folder
              + " cannot be written"
              + (user == null ? "" : " by " + user)
              + ", so nothing could be kept; make it the server's own (mkdir, chown), or set"
              + " another state_dir");
    }
  }

  private static boolean isWritable(Path file) {
    if (Files.exists(file)) {
      return Files.isRegularFile(file) && Files.isWritable(file);
    }
    Path folder = file.toAbsolutePath().getParent();
    while (folder != null && !Files.exists(folder)) {
      folder = folder.getParent();
    }
    return folder != null && Files.isDirectory(folder) && Files.isWritable(folder);
  }

  private void reads(String user, FileRights rights) {
    for (Path file : new LinkedHashSet<>(settings.files())) {
      if (Files.exists(file) && !rights.mayRead(file)) {
        problems.add(
            new Problem(
                Severity.ERROR,
                file.toString(),
                "",
                "",
                user
                    + " may not read it; let that user's group read it and enter its folders (chgrp,"
                    + " chmod g+r, chmod g+x)"));
      }
    }
    int port = settings.server().port();
    if (port > 0 && port < FIRST_FOR_ALL && !rights.isRoot()) {
      report(
          Severity.WARNING,
          "port",
          user
              + " may not listen on "
              + port
              + " without help; systemd: AmbientCapabilities=CAP_NET_BIND_SERVICE");
    }
  }

  private void warnOfOpenKeys() {
    FileRights everybody = FileRights.ofEverybody();
    for (Path file : new LinkedHashSet<>(settings.files())) {
      if (Files.isRegularFile(file) && everybody.mayRead(file) && hasKey(file)) {
        problems.add(
            new Problem(
                Severity.WARNING,
                file.toString(),
                "",
                "",
                "every user of this machine may read the key in it; chmod o-r"));
      }
    }
  }

  private static boolean hasKey(Path file) {
    try {
      return Files.size(file) <= LARGEST_KEY_FILE
          && Files.readString(file, StandardCharsets.ISO_8859_1).contains("PRIVATE KEY-----");
    } catch (IOException e) {
      return false;
    }
  }
}
