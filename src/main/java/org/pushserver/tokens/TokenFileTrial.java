// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/** Tries whether a server could use its file of tokens, which another may have. Makes nothing. */
public final class TokenFileTrial {
  private static final int BUSY_MS = 5000;

  private TokenFileTrial() {}

  /**
   * Opens the file, or looks whether it can be made. Blocks, for some seconds at the most.
   *
   * @return what is wrong and what to do, in an operator's words; empty when nothing is
   */
  public static String problem(Path file) {
    if (!Files.exists(file)) {
      Path folder = file.toAbsolutePath().getParent();
      while (folder != null && !Files.exists(folder)) {
        folder = folder.getParent();
      }
      boolean mayBeMade = folder != null && Files.isDirectory(folder) && Files.isWritable(folder);
      return mayBeMade ? "" : TokenFault.noAccess(file);
    }
    try {
      TokenDatabase.open(file, BUSY_MS).close();
      return "";
    } catch (SQLException e) {
      return TokenFault.of(e, file);
    } catch (TokenStoreException e) {
      return e.getMessage();
    }
  }
}
