// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dialect;

import java.util.List;
import org.pushserver.api.ApiResponse;

/** Answers Flexisip, which takes exactly 200 for success and reads nothing but the status. */
final class FlexisipWriter implements DialectWriter {
  @Override
  public ApiResponse answer(List<SentPush> pushes) {
    ForeignEnd end = pushes.get(0).end();
    return refused(
        end.isGood() ? 200 : end.status(),
        end.reason().isEmpty() ? "push notification response" : end.reason(),
        0);
  }

  @Override
  public ApiResponse refused(int status, String description, int retryAfter) {
    return ApiResponse.refused(status, description, retryAfter);
  }
}
