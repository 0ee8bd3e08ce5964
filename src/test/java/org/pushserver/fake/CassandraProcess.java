// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import java.io.IOException;

/**
 * What is run in the process of {@link TestCassandra}: Cassandra, which ends when nobody holds the
 * other end of its standard input any more. So it does not outlive the tests, however they end.
 */
final class CassandraProcess {
  private CassandraProcess() {}

  public static void main(String[] arguments) throws ReflectiveOperationException {
    Thread watch = new Thread(CassandraProcess::endWithTheTests, "end-with-the-tests");
    watch.setDaemon(true);
    watch.start();
    Object unused =
        Class.forName("org.apache.cassandra.service.CassandraDaemon")
            .getMethod("main", String[].class)
            .invoke(null, (Object) arguments);
  }

  private static void endWithTheTests() {
    try {
      while (System.in.read() >= 0) {
        // Nobody says anything.
      }
    } catch (IOException e) {
      // As if it had ended.
    }
    Runtime.getRuntime().halt(1);
  }
}
