// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cassandra;

import com.datastax.oss.driver.api.core.cql.Row;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Supplier;

/**
 * What OpenSIPS reads: which accounts have a device, and so can be woken. Kept true without
 * transactions: who stores a device says so afterwards; who removes the last one takes back only
 * what he has read before he looked for others, and looks once more when he has.
 */
final class MobileDevices {
  private final CassandraLink link;
  private final WriteTimes times;

  MobileDevices(CassandraLink link, WriteTimes times) {
    this.link = link;
    this.times = times;
  }

  /** Says that an account has a device, after that is stored. */
  Future<Void> set(AccountKey key) {
    long at = times.after(0);
    return link.ask(tables -> tables.setMobile(key, at)).mapEmpty();
  }

  /**
   * Says that it has none, unless it has.
   *
   * @param devices looks for them
   */
  Future<Void> unsetUnless(AccountKey key, Supplier<Future<List<FoundToken>>> devices) {
    return link.ask(tables -> tables.mobile(key))
        .compose(
            found -> {
              Row row = found.one();
              return row == null
                  ? Future.<Void>succeededFuture()
                  : unset(key, row.getLong("w"), devices);
            });
  }

  private Future<Void> unset(
      AccountKey key, long written, Supplier<Future<List<FoundToken>>> devices) {
    times.deleted(written);
    return devices
        .get()
        .compose(
            before ->
                before.isEmpty()
                    ? link.ask(tables -> tables.unsetMobile(key, written))
                        .compose(gone -> devices.get())
                        .compose(
                            after ->
                                after.isEmpty()
                                    ? Future.<Void>succeededFuture()
                                    : setAfter(key, written))
                    : Future.<Void>succeededFuture());
  }

  private Future<Void> setAfter(AccountKey key, long written) {
    long at = times.after(written);
    return link.ask(tables -> tables.setMobile(key, at)).mapEmpty();
  }
}
