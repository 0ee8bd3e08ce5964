// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import org.pushserver.fake.MemoryTokenStore;

/** What tests have for a store is one. */
class MemoryTokenStoreTest extends TokenStoreContract {
  @Override
  protected TokenStore open() {
    return new MemoryTokenStore();
  }
}
