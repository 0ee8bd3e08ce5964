// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pages;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.pushserver.pages.Page.Block;

/**
 * The shell commands of a block, as words. Understands what the pages use: quotes, comments, a line
 * that goes on.
 */
final class Commands {
  /** Programs of the system. */
  private static final Set<String> OF_THE_SYSTEM =
      Set.of(
          "apt",
          "apt-get",
          "cd",
          "chgrp",
          "chmod",
          "chown",
          "cp",
          "dpkg-deb",
          "git",
          "helm",
          "journalctl",
          "kamailio",
          "kubectl",
          "ln",
          "mkdir",
          "mv",
          "mvn",
          "mysql",
          "openssl",
          "podman",
          "sha256sum",
          "sudo",
          "systemctl",
          "tar",
          "useradd");

  private final String text;
  private final List<List<String>> commands = new ArrayList<>();
  private List<String> words = new ArrayList<>();
  private StringBuilder word;
  private char quote;

  private Commands(String text) {
    this.text = text;
  }

  /** Whether the block is one of commands: it begins with a program, or shows what one prints. */
  static boolean isIn(Block block) {
    String program = block.first().replaceFirst("^\\$ ", "").replaceFirst(" .*", "");
    return block.first().startsWith("$ ")
        || OF_THE_SYSTEM.contains(program)
        || Set.of("curl", "java", "pushserver", "pushclient").contains(program)
        || program.matches("(/opt/pushserver/)?bin/[a-z]+");
  }

  /** Of a block with what they print, only the lines that begin with a prompt are commands. */
  static List<List<String>> in(Block block) {
    boolean prompted = block.first().startsWith("$ ");
    String text =
        prompted
            ? String.join(
                "\n",
                block.lines().stream()
                    .filter(line -> line.startsWith("$ "))
                    .map(line -> line.substring(2))
                    .toList())
            : block.text();
    return new Commands(text + "\n").read();
  }

  private List<List<String>> read() {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0) {
        inQuotes(c);
      } else if (c == '\\') {
        i++;
        if (text.charAt(i) != '\n') {
          add(text.charAt(i));
        }
      } else if (c == '\'' || c == '"') {
        quote = c;
        begin();
      } else if (c == '#' && word == null) {
        i = text.indexOf('\n', i) - 1;
      } else if (Character.isWhitespace(c)) {
        endWord();
        if (c == '\n') {
          endCommand();
        }
      } else {
        add(c);
      }
    }
    return commands;
  }

  private void inQuotes(char c) {
    if (c == quote) {
      quote = 0;
    } else {
      add(c);
    }
  }

  private void begin() {
    if (word == null) {
      word = new StringBuilder();
    }
  }

  private void add(char c) {
    begin();
    word.append(c);
  }

  private void endWord() {
    if (word != null) {
      words.add(word.toString());
      word = null;
    }
  }

  private void endCommand() {
    if (!words.isEmpty()) {
      commands.add(words);
      words = new ArrayList<>();
    }
  }
}
