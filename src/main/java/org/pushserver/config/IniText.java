// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import ca.szc.configparser.Ini;
import ca.szc.configparser.exceptions.DuplicateOptionError;
import ca.szc.configparser.exceptions.DuplicateSectionError;
import ca.szc.configparser.exceptions.IniParserException;
import ca.szc.configparser.exceptions.MissingSectionHeaderError;
import ca.szc.configparser.exceptions.ParsingError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pushserver.spi.Problem;

/**
 * Reads INI text as Python's configparser does, but goes on after what Python refuses and says
 * where it is.
 *
 * <p>The parser is java-configparser, a port of Python's: of the four libraries tried, the only one
 * that keeps continuation lines, blank lines in values, quotes, backslashes and {@code ;} inside
 * values as Python does. (java-ini-parser cuts values at {@code ;} and unescapes backslashes,
 * Commons Configuration cuts comments and quotes, ini4j has no continuation by indentation.) It
 * lacks three things, which are here: text after a section's closing bracket, {@code %} sequences,
 * and reading on after an error.
 */
final class IniText {
  private static final String DEFAULT = "DEFAULT";
  private static final Pattern HEADER = Pattern.compile("\\s*\\[([^\\]]*)(\\]?).*", Pattern.DOTALL);

  private final String file;
  private final List<String> lines;
  private final List<Problem> problems = new ArrayList<>();

  private IniText(String file, String text) {
    this.file = file;
    String withoutMark = text.startsWith("\uFEFF") ? text.substring(1) : text;
    this.lines = new ArrayList<>(Arrays.asList(withoutMark.split("\r\n|\r|\n", -1)));
  }

  /** Never fails: what cannot be read is in the result's problems, which quote no value. */
  static IniFile parse(String file, String text) {
    return new IniText(file, text).parse();
  }

  private IniFile parse() {
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith("[")) {
        completeHeader(i);
      }
    }
    Map<String, Map<String, String>> sections = readLeniently();
    reportDuplicates();
    Map<String, String> defaults = sections.getOrDefault(DEFAULT, Map.of());
    Map<String, Map<String, String>> resolved = new LinkedHashMap<>();
    sections.forEach(
        (name, keys) -> {
          if (!name.equals(DEFAULT)) {
            resolved.put(name, resolve(name, keys, defaults));
          }
        });
    return new IniFile(file, resolved, defaults, problems);
  }

  /** Makes a header one that the library takes: brackets and nothing after them. */
  private void completeHeader(int index) {
    Matcher header = HEADER.matcher(lines.get(index));
    if (!header.matches()) {
      return;
    }
    String name = header.group(1).strip();
    if (name.isEmpty()) {
      name = "line " + (index + 1);
      report(Problem.Severity.ERROR, name, index, "the section has no name; give it one");
    } else if (header.group(2).isEmpty()) {
      report(Problem.Severity.ERROR, name, index, "the section's name has no closing ']'; add it");
    } else {
      // Spaces inside the brackets belong to the name.
      name = header.group(1);
    }
    lines.set(index, "[" + name + "]");
  }

  /** Takes out the lines that the library refuses, until it refuses none. */
  private Map<String, Map<String, String>> readLeniently() {
    Ini ini = parser(true);
    List<ParsingError> errors = read(ini);
    while (!errors.isEmpty()) {
      for (ParsingError error : errors) {
        takeOut(error);
      }
      ini = parser(true);
      errors = read(ini);
    }
    return ini.getSections();
  }

  private void takeOut(ParsingError error) {
    int index = error.getLineNo() - 1;
    String refused = lines.get(index);
    completeHeader(index);
    if (!lines.get(index).equals(refused)) {
      return;
    }
    if (error instanceof MissingSectionHeaderError) {
      report(
          Problem.Severity.ERROR, "", index, "this is before the first [section]; put it into one");
    } else {
      report(
          Problem.Severity.ERROR,
          sectionOf(index),
          index,
          "this is neither a [section], nor 'key = value', nor a comment; correct or remove it");
    }
    lines.set(index, "");
  }

  private String sectionOf(int index) {
    for (int i = index; i >= 0; i--) {
      String line = lines.get(i).strip();
      if (line.startsWith("[") && line.endsWith("]")) {
        return line.substring(1, line.length() - 1);
      }
    }
    return "";
  }

  private void reportDuplicates() {
    for (ParsingError error : read(parser(false))) {
      if (error instanceof DuplicateSectionError again) {
        report(
            Problem.Severity.ERROR,
            again.getSectionName(),
            error.getLineNo() - 1,
            "a section of this name was there before; give each a name of its own, or join them");
      } else if (error instanceof DuplicateOptionError again) {
        problems.add(
            new Problem(
                Problem.Severity.ERROR,
                file,
                again.getSectionName(),
                KeyNames.shown(again.getOptionName()),
                "line "
                    + error.getLineNo()
                    + ": this key was there before; remove one of the two"));
      }
    }
  }

  private Map<String, String> resolve(
      String section, Map<String, String> own, Map<String, String> defaults) {
    Map<String, String> raw = new LinkedHashMap<>(defaults);
    raw.putAll(own);
    Map<String, String> resolved = new LinkedHashMap<>();
    raw.forEach(
        (key, value) ->
            resolved.put(
                key,
                Interpolation.resolve(
                    value,
                    raw,
                    message ->
                        problems.add(
                            new Problem(
                                Problem.Severity.WARNING,
                                file,
                                section,
                                KeyNames.shown(key),
                                message)))));
    return resolved;
  }

  private void report(Problem.Severity severity, String section, int index, String message) {
    problems.add(new Problem(severity, file, section, "", "line " + (index + 1) + ": " + message));
  }

  private static Ini parser(boolean allowDuplicates) {
    // The library's own interpolation is that of ${...}, which old files do not use.
    return new Ini().setAllowDuplicates(allowDuplicates).setAllowInterpolation(false);
  }

  private List<ParsingError> read(Ini ini) {
    try (BufferedReader reader = new BufferedReader(new StringReader(String.join("\n", lines)))) {
      ini.read(reader);
      return List.of();
    } catch (IniParserException e) {
      return e.getParsingErrors();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
