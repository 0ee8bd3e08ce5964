// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import java.util.List;
import org.pushserver.endpoint.AdmittedRequest;
import org.pushserver.endpoint.HttpEndpoint;

/** The pages of a server that is not there: to look at their list, not to ask for them. */
public final class ObservedPages {
  private ObservedPages() {}

  public static List<HttpEndpoint<AdmittedRequest>> all() {
    return Pages.of(null, null, null, null);
  }
}
