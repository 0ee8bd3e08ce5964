// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.search;

import io.vertx.core.buffer.Buffer;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailScope;

/**
 * What somebody wants to be told of, and in which form.
 *
 * @param name of the API key; empty for an operator, who needs none
 * @param scope what he may see
 * @param filter what of that he wants; asked on a thread of the trail
 * @param form makes the data of an event of an entry, in one line; on an event loop
 * @param holds whether he may still see it; asked on an event loop, every few seconds
 */
public record EventSubscription(
    String name,
    TrailScope scope,
    Predicate<TrailEntry> filter,
    Function<TrailEntry, Buffer> form,
    BooleanSupplier holds) {
  public EventSubscription {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(scope, "scope");
    Objects.requireNonNull(filter, "filter");
    Objects.requireNonNull(form, "form");
    Objects.requireNonNull(holds, "holds");
  }
}
