// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;
import org.pushserver.push.AppKey;
import org.pushserver.push.Push;

/**
 * Two stores as one: what is promised is what the disk promises; the copies at other servers are
 * told of everything, too. Any thread.
 *
 * @param disk what callers wait for
 * @param copies nobody waits for them
 */
public record DiskAndCopies(PushStore disk, PushStore copies) implements PushStore {
  @Override
  public Future<Void> keep(Push push, boolean isAwaited) {
    Future<Void> unused = copies.keep(push, isAwaited);
    return disk.keep(push, isAwaited);
  }

  @Override
  public long patienceMs() {
    return disk.patienceMs();
  }

  @Override
  public Future<Void> keepLonger(KeptPush push) {
    return disk.keepLonger(push);
  }

  @Override
  public void changed(UUID id, int attempts, boolean mayHaveArrived) {
    copies.changed(id, attempts, mayHaveArrived);
    disk.changed(id, attempts, mayHaveArrived);
  }

  @Override
  public Future<Void> ended(UUID id) {
    Future<Void> unused = copies.ended(id);
    return disk.ended(id);
  }

  @Override
  public Future<Void> cancels(Push cancel) {
    // What the disk forgets is awaited as it is.
    return copies.cancels(cancel);
  }

  @Override
  public boolean isLasting() {
    return disk.isLasting();
  }

  @Override
  public boolean mayHandOver() {
    return copies.mayHandOver();
  }

  @Override
  public Future<HandedOver> handOver(List<Offered> waiting) {
    return copies.handOver(waiting).onSuccess(said -> said.taken().forEach(this::forget));
  }

  @Override
  public boolean isOwn() {
    return copies.isOwn();
  }

  @Override
  public Future<List<KeptPush>> left(AppKey application) {
    return disk.left(application).compose(this::withoutThoseElsewhere);
  }

  /** They may have been sent, or cancelled, while there was no process here. */
  private Future<List<KeptPush>> withoutThoseElsewhere(List<KeptPush> left) {
    if (left.isEmpty()) {
      return Future.succeededFuture(left);
    }
    return copies
        .elsewhere(left.stream().map(kept -> kept.push().id()).toList())
        .map(
            gone -> {
              gone.forEach(this::forget);
              return left.stream().filter(kept -> !gone.contains(kept.push().id())).toList();
            });
  }

  private void forget(UUID id) {
    Future<Void> unused = disk.ended(id);
  }
}
