// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import java.util.Objects;

/**
 * A server that belongs to the cluster.
 *
 * @param id its own in the cluster as long as its process lives; another process has another one
 * @param name as its operator calls it, in logs, pages and metrics
 * @param version of Pushserver that it runs, which is another one while a cluster is upgraded
 */
public record Node(String id, String name, String version) {
  public Node {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(version, "version");
  }

  /** The same process: one that has just come may ask before its version is known here. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Node node && id.equals(node.id);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }
}
