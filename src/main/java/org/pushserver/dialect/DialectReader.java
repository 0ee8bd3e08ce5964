// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dialect;

import java.util.List;

/** What requests of one dialect mean. Stateless. */
@FunctionalInterface
interface DialectReader {
  /**
   * The pushes that a request asks for; none when all that it asks for is done by answering.
   *
   * @throws org.pushserver.api.RequestRefused when it is no request of this dialect
   */
  List<ForeignPush> read(ForeignRequest request);
}
