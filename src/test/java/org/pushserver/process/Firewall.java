// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import org.pushserver.fake.Command;
import org.pushserver.fake.Programs;

/**
 * The firewall of Linux between the servers of a test on loopback. It knows servers by the group
 * that they run in. What was set ends with it.
 */
final class Firewall {
  private static final String MARK = "19651";
  private static final String CUT = "-i lo -m connmark --mark " + MARK + " -j DROP";

  private final List<List<String>> rules = new ArrayList<>();

  /** Leaves the test out where there is none, or none that may be changed. */
  static void assumeHere() throws Exception {
    assumeTrue(Programs.areHere("iptables", "setpriv"), "there is no iptables, or no setpriv");
    assumeTrue(
        Command.of("iptables", "-S").run().code() == 0, "the firewall is not ours to change");
  }

  /** Runs what follows in a group. */
  static List<String> group(int id) {
    return List.of("setpriv", "--regid", Integer.toString(id), "--clear-groups");
  }

  /**
   * Marks the connections from a group to a port on an address, for {@link #cut}.
   *
   * @param address "0.0.0.0/0" for any
   */
  void mark(int group, String address, int port) throws Exception {
    add(
        "mangle",
        "OUTPUT",
        ("-p tcp -d " + address + " --dport " + port)
            + (" -m owner --gid-owner " + group + " -j CONNMARK --set-mark " + MARK));
  }

  /** Lets nothing through of all that is marked. */
  void cut() throws Exception {
    add("filter", "INPUT", CUT);
  }

  /** Lets it through again. */
  void join() throws Exception {
    remove(rule("filter", "INPUT", CUT));
  }

  /** Loses some of the packets to and from a port. */
  void lose(int port, double share) throws Exception {
    for (String side : List.of("--dport ", "--sport ")) {
      add(
          "filter",
          "INPUT",
          ("-i lo -p tcp " + side + port)
              + (" -m statistic --mode random --probability " + share + " -j DROP"));
    }
  }

  /** Leads the connections of a group to an address elsewhere on loopback. */
  void lead(int group, String address, int port, int to) throws Exception {
    add(
        "nat",
        "OUTPUT",
        ("-p tcp -d " + address + " --dport " + port)
            + (" -m owner --gid-owner " + group + " -j DNAT --to 127.0.0.1:" + to));
  }

  private void add(String table, String chain, String what) throws Exception {
    List<String> rule = rule(table, chain, what);
    change("-A", rule);
    rules.add(rule);
  }

  private static List<String> rule(String table, String chain, String what) {
    List<String> rule = new ArrayList<>(List.of(table, chain));
    rule.addAll(List.of(what.split(" ", -1)));
    return rule;
  }

  private void remove(List<String> rule) throws Exception {
    if (rules.remove(rule)) {
      change("-D", rule);
    }
  }

  private static void change(String how, List<String> rule) throws Exception {
    List<String> command = new ArrayList<>(List.of("iptables", "-w", "-t", rule.get(0), how));
    command.addAll(rule.subList(1, rule.size()));
    Command.Ended ended = Command.of(command).run();
    assertEquals(0, ended.code(), () -> command + ": " + ended.said());
  }

  /** Takes back all that was set. */
  void mend() throws Exception {
    for (List<String> rule : List.copyOf(rules)) {
      remove(rule);
    }
  }
}
