// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokenfile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.pushserver.push.AppKey;
import org.pushserver.tokenfile.TokenFields.BadFieldException;
import org.pushserver.tokens.StoredToken;

/** A file of devices that is read into a store. Confined to one thread; to be closed. */
public final class TokenFile implements AutoCloseable {
  /**
   * One device of it.
   *
   * @param where it stands, for messages
   * @param token the device; null when it is none
   * @param problem why it is none; null when it is one
   */
  public record Row(String where, StoredToken token, String problem) {
    public Row {
      Objects.requireNonNull(where, "where");
    }
  }

  private final TokenFormat format;
  private final FileRows rows;
  private final String usualDomain;
  private final Predicate<AppKey> configured;

  private TokenFile(
      TokenFormat format, FileRows rows, String usualDomain, Predicate<AppKey> configured) {
    this.format = format;
    this.rows = rows;
    this.usualDomain = usualDomain;
    this.configured = configured;
  }

  /**
   * Opens it. Blocks.
   *
   * @param format null to find it out
   * @param usualDomain of accounts that have none; empty to leave them as they are
   * @param configured whether there is an application of that name, in any spelling of it
   * @throws BadTokenFileException when it is none, or is damaged
   */
  public static TokenFile open(
      Path file, TokenFormat format, String usualDomain, Predicate<AppKey> configured)
      throws IOException, BadTokenFileException {
    TokenFormat.Head head = TokenFormat.Head.of(file);
    TokenFormat chosen = format == null ? head.format() : format;
    FileRows rows =
        switch (chosen) {
          case PICKLE -> PickledTokens.open(file);
          case JSON -> JsonTokens.open(file);
          case CSV, OPENSIPS -> TableTokens.open(file, head.line());
        };
    return new TokenFile(chosen, rows, usualDomain, configured);
  }

  /** What it is. */
  public TokenFormat format() {
    return format;
  }

  /**
   * The next device. Blocks.
   *
   * @return null when there is none any more
   * @throws BadTokenFileException when nothing of the rest can be read
   */
  public Row next() throws IOException, BadTokenFileException {
    FileRow row = rows.next();
    if (row == null) {
      return null;
    } else if (row.problem() != null) {
      return new Row(row.where(), null, row.problem());
    }
    try {
      Map<String, String> fields =
          format == TokenFormat.OPENSIPS
              ? ContactRow.fields(row.fields(), configured)
              : row.fields();
      return new Row(row.where(), TokenFields.read(fields, usualDomain), null);
    } catch (BadFieldException e) {
      return new Row(row.where(), null, e.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
