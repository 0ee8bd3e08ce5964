// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sqlite;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;

/**
 * The native code of SQLite: unpacked where programs may run, loaded, and removed again. Blocks;
 * any thread.
 */
public final class NativeCode {
  private static final Logger LOG = LoggerFactory.getLogger(NativeCode.class);

  /** Where SQLite unpacks it; without it where temporary files are, which often allows none. */
  private static final String PLACE = "org.sqlite.tmpdir";

  private static final String PREFIX = "native-";
  private static final long MOMENT_MS = TimeUnit.MINUTES.toMillis(1);
  private static final long AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static volatile boolean loaded;

  /** Why it could not be loaded; null before that. */
  private static String failure;

  private static long failedAt;

  private NativeCode() {}

  /**
   * Makes sure that it is loaded; to be called before anything else is asked of SQLite. After a
   * failure it tries again once a minute.
   *
   * @param folder of the files, where it is unpacked when the operator has not named a place
   * @throws SQLException when it cannot be loaded from there, nor from where temporary files are
   */
  public static void load(Path folder) throws SQLException {
    if (!loaded) {
      loadOnce(folder);
    }
  }

  private static synchronized void loadOnce(Path folder) throws SQLException {
    if (loaded) {
      return;
    }
    if (failure != null && System.nanoTime() - failedAt < AGAIN_NANOS) {
      throw new SQLNonTransientConnectionException(failure);
    }
    try {
      if (System.getProperty(PLACE) != null || !isLoadedFrom(folder)) {
        boolean unused = SQLiteJDBCLoader.initialize();
      }
      loaded = true;
    } catch (Exception | LinkageError e) {
      failure = String.valueOf(e.getMessage());
      failedAt = System.nanoTime();
      throw new SQLNonTransientConnectionException(failure, e);
    }
  }

  private static boolean isLoadedFrom(Path folder) {
    Path place = null;
    try {
      // What another user could exchange must not run as this one.
      if (!owner(folder).equals(owner(Path.of("/proc/self")))) {
        return false;
      }
      removeLeft(folder);
      place = Files.createTempDirectory(folder, PREFIX);
      String former = System.setProperty(PLACE, place.toString());
      LOG.debug("SQLite is loaded from {} and not from {}", place, former);
      return SQLiteJDBCLoader.initialize();
    } catch (Exception | LinkageError e) {
      LOG.debug("SQLite cannot be loaded from {}", folder, e);
      return false;
    } finally {
      String unused = System.clearProperty(PLACE);
      // It stays in memory.
      remove(place);
    }
  }

  private static Object owner(Path file) throws IOException {
    return Files.getAttribute(file, "unix:uid");
  }

  /** Of processes that were killed before they could; not of one that just begins. */
  private static void removeLeft(Path folder) throws IOException {
    long before = System.currentTimeMillis() - MOMENT_MS;
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, PREFIX + "*")) {
      for (Path one : left) {
        if (Files.getLastModifiedTime(one).toMillis() < before) {
          remove(one);
        }
      }
    }
  }

  private static void remove(Path place) {
    if (place == null) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(place)) {
      for (Path file : files) {
        Files.delete(file);
      }
      Files.delete(place);
    } catch (IOException e) {
      LOG.debug("{}", place, e);
    }
  }

  /**
   * Why it could not be loaded and what to do, in an operator's words.
   *
   * @param cause what {@link #load} failed with
   */
  public static String problem(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return "the native code of SQLite cannot be loaded ("
        + root.getMessage()
        + "); it needs a folder where programs may run: let them run in state_dir"
        + " (/var/lib/pushserver; mounted without noexec), or name another folder with"
        + " -Dorg.sqlite.tmpdir=DIR in PUSHSERVER_JAVA_OPTS";
  }
}
