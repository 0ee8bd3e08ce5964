// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import io.vertx.core.Promise;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that reads from the file what is not in memory. Any thread may ask. */
final class RowReader {
  private static final Logger LOG = LoggerFactory.getLogger(RowReader.class);

  static final int BUSY_MS = 5000;
  private static final int MOST_WAITING = 20_000;

  /** What is read. */
  interface Reading<T> {
    T of(StoredRows rows) throws SQLException;
  }

  /** What is done about a failure, on this thread. */
  interface Failures {
    void failed(SQLException cause);

    Exception inWords(Throwable cause);
  }

  private final Path path;
  private final Failures failures;
  private final ThreadPoolExecutor thread;

  /** On the thread; null after a failure. */
  private StoredRows rows;

  /**
   * @param rows the file, which it closes
   * @param path to open it again after a failure
   */
  RowReader(StoredRows rows, Path path, Failures failures) {
    this.rows = rows;
    this.path = path;
    this.failures = failures;
    thread =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            task -> {
              Thread made = new Thread(task, "tokens-read");
              made.setDaemon(true);
              return made;
            });
  }

  /** Reads something, and answers it. */
  <T> void read(Reading<T> reading, Promise<T> answer) {
    try {
      thread.execute(
          () -> {
            try {
              answer.complete(reading.of(rows()));
            } catch (SQLException e) {
              // Its statements cannot be used again after some failures.
              closeRows();
              failures.failed(e);
              answer.fail(failures.inWords(e));
            } catch (RuntimeException | Error e) {
              answer.fail(failures.inWords(e));
            }
          });
    } catch (RejectedExecutionException e) {
      answer.fail(
          new TokenStoreException(
              thread.isShutdown()
                  ? ChangeWriter.STOPPING
                  : "more accounts are asked for than can be read; try again later"));
    }
  }

  private StoredRows rows() throws SQLException {
    if (rows == null) {
      rows = StoredRows.open(path, BUSY_MS);
    }
    return rows;
  }

  private void closeRows() {
    StoredRows open = rows;
    rows = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        LOG.debug("closing the file of tokens", e);
      }
    }
  }

  /** Answers what waits, and closes the file. Blocks, for so long at the most. */
  void stop(long longestMs) throws InterruptedException {
    thread.shutdown();
    if (thread.awaitTermination(longestMs, TimeUnit.MILLISECONDS)) {
      closeRows();
    } else {
      LOG.debug("a reading of tokens goes on");
    }
  }
}
