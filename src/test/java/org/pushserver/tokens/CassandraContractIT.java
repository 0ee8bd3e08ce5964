// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import static org.pushserver.fake.Await.await;

import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.pushserver.cassandra.CassandraTokenStore;
import org.pushserver.config.CassandraSettings;
import org.pushserver.fake.TestCassandra;

/** What every store does, done by a real Cassandra. */
@Timeout(180)
class CassandraContractIT extends TokenStoreContract {
  private static final Vertx VERTX = Vertx.vertx();

  /** One for all of these tests: what each begins with is that it is empty. */
  private static TokenStore shared;

  @BeforeAll
  static void makeTables() throws Exception {
    CassandraSettings settings = TestCassandra.shared().keyspace("contract");
    shared = new CassandraTokenStore(VERTX, settings, 1000, System::currentTimeMillis);
  }

  @AfterAll
  static void closeShared() {
    if (shared != null) {
      await(shared.close());
    }
    await(VERTX.close());
  }

  @Override
  protected TokenStore open() {
    for (StoredToken one : await(shared.list(null, 10_000)).tokens()) {
      TokenStore.Removal unused =
          await(shared.remove(one.account(), one.app().appId(), one.deviceId()));
    }
    return shared;
  }

  /** It goes on for the next test. */
  @Override
  protected void closeStore() {}

  @Override
  protected boolean searchesByToken() {
    return false;
  }

  @Override
  protected boolean ignoresCaseOfDomains() {
    return false;
  }

  @Override
  protected boolean takesAccountsWithoutDomain() {
    return false;
  }

  @Override
  protected boolean keepsStoredAt() {
    return false;
  }

  @Override
  protected boolean keepsLastSeen() {
    return false;
  }
}
