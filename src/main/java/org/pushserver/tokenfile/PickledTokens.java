// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokenfile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

/**
 * The devices in {@code webrtc_device_tokens}, the file that Sylk Pushserver keeps them in: a
 * pickle of a dictionary of accounts, each of which is one of devices, each of which is one of its
 * fields. The file is read twice: first to find out what it refers to again, so that nothing else
 * is kept of what was read.
 */
final class PickledTokens implements FileRows {
  private final PickleInput in;
  private final PlainUnpickler pickle;
  private final Queue<FileRow> rows = new ArrayDeque<>();

  private PickledTokens(Path file, Set<Integer> asked) throws IOException {
    in = PickleInput.open(file);
    pickle = new Accounts(in, asked);
  }

  /**
   * Reads it once.
   *
   * @throws BadTokenFileException when it is damaged, or has more in it than plain data: then not
   *     one row of it is handed out
   */
  static PickledTokens open(Path file) throws IOException, BadTokenFileException {
    Set<Integer> asks;
    try (PickledTokens once = new PickledTokens(file, null)) {
      while (!once.pickle.isEnded()) {
        once.pickle.step();
        once.rows.clear();
      }
      asks = once.pickle.asks();
    }
    return new PickledTokens(file, asks);
  }

  @Override
  public FileRow next() throws IOException, BadTokenFileException {
    while (rows.isEmpty() && !pickle.isEnded()) {
      pickle.step();
    }
    return rows.poll();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private void account(Object account, Object devices) {
    if (!(devices instanceof Map<?, ?> all)) {
      rows.add(FileRow.unreadable("account " + account, "it has no devices where they should be"));
      return;
    }
    all.forEach((key, device) -> rows.add(row(account, key, device)));
  }

  private static FileRow row(Object account, Object key, Object device) {
    String where = "account " + account + ", device " + key;
    if (!(device instanceof Map<?, ?> all)) {
      return FileRow.unreadable(where, "it has no fields where they should be");
    }
    Map<String, String> fields = new HashMap<>();
    all.forEach(
        (name, value) -> {
          if (value != null && !(value instanceof Map)) {
            fields.put(name(String.valueOf(name)), value.toString());
          }
        });
    // It may have another one in it: that of the last conference that it was called to.
    fields.put(TokenFields.ACCOUNT, String.valueOf(account));
    return FileRow.of(where, fields);
  }

  private static String name(String written) {
    return written.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Hands out each account as soon as it is read, and keeps none. */
  private final class Accounts extends PlainUnpickler {
    private final Map<Object, Object> whole =
        new AbstractMap<>() {
          @Override
          public Object put(Object account, Object devices) {
            account(account, devices);
            return null;
          }

          @Override
          public Set<Entry<Object, Object>> entrySet() {
            return Set.of();
          }
        };

    Accounts(PickleInput in, Set<Integer> asked) {
      super(in, asked);
    }

    @Override
    Map<Object, Object> whole() {
      return whole;
    }

    @Override
    void finish(Object value) {
      if (!(value instanceof Map<?, ?> accounts)) {
        throw new ClassCastException("the whole is no dictionary");
      }
      accounts.forEach(PickledTokens.this::account);
    }
  }
}
