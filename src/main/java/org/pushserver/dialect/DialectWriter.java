// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dialect;

import java.util.List;
import org.pushserver.api.ApiResponse;
import org.pushserver.api.RefusalShape;

/** What senders of one dialect are answered. Stateless. */
interface DialectWriter extends RefusalShape {
  /** The answer to a request, when its pushes have ended or its sender has waited long enough. */
  ApiResponse answer(List<SentPush> pushes);
}
