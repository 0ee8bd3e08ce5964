// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Problem.Severity;

class IniTextTest {
  private static IniFile parse(String... lines) {
    return IniText.parse("test.ini", String.join("\n", lines));
  }

  private static Map<String, String> good(String... lines) {
    IniFile ini = parse(lines);
    assertEquals(List.of(), ini.problems());
    return ini.sections().get("a");
  }

  private static String problems(IniFile ini) {
    return ini.problems().stream()
        .map(problem -> problem.severity() + " " + problem)
        .collect(Collectors.joining("\n"));
  }

  @Test
  void keysAndValuesStandAroundAnEqualsSignOrAColon() {
    assertEquals(
        Map.of("x", "1", "y", "2", "z", "b:c=d", "url", "http://h:1/?q=1"),
        good("[a]", "x = 1", "y: 2", "z=b:c=d", "url = http://h:1/?q=1"));
  }

  @Test
  void keysAreReadInAnyCaseAndSectionsAreNot() {
    IniFile ini = parse("[a]", "Some_KEY = V", "[A]", "x = 1");
    assertEquals(Map.of("some_key", "V"), ini.sections().get("a"));
    assertEquals(Map.of("x", "1"), ini.sections().get("A"));
  }

  @Test
  void aLineThatBeginsWithSemicolonOrHashIsAComment() {
    assertEquals(
        Map.of("x", "1", "y", "2"),
        good("; c", "# c", "[a]", "; x = 0", "x = 1", "   # y = 0", "\t;z=0", "y = 2"));
  }

  @Test
  void aSemicolonOrHashAfterAValueBelongsToIt() {
    assertEquals(Map.of("x", "1 ; one", "y", "#2"), good("[a]", "x = 1 ; one", "y = #2"));
  }

  @Test
  void anIndentedLineContinuesTheValueAboveIt() {
    assertEquals(
        Map.of("x", "1,\n2,\n\n3", "y", "\na", "z", "4"),
        good("[a]", "x = 1,", "  2,", "  ; comment", "", "\t3", "y =", " a", "", "z = 4", "", ""));
  }

  @Test
  void aWholeFileMayBeIndented() {
    assertEquals(Map.of("x", "1", "y", "2"), good("  [a]", "  x = 1", "  y = 2"));
  }

  @Test
  void quotesAndBackslashesAreOrdinaryCharacters() {
    assertEquals(
        Map.of("x", "\"q\"", "y", "C:\\new\\", "z", "$1 ${x}"),
        good("[a]", "x = \"q\"", "y = C:\\new\\", "z = $1 ${x}"));
  }

  @Test
  void aValueMayBeEmpty() {
    assertEquals(Map.of("x", "", "y", ""), good("[a]", "x =", "y:   "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void everyLineEndIsUnderstood(String end) {
    IniFile ini = IniText.parse("f", String.join(end, "[a]", "x = 1", "  2", "y = 3", ""));
    assertEquals(Map.of("a", Map.of("x", "1\n2", "y", "3")), ini.sections());
    assertEquals(List.of(), ini.problems());
  }

  @Test
  void aByteOrderMarkIsSkipped() {
    assertEquals(Map.of("x", "1"), good("\uFEFF[a]", "x = 1"));
  }

  @Test
  void anEmptyFileIsGood() {
    assertEquals(Map.of(), parse("").sections());
    assertEquals(List.of(), parse("", "; nothing").problems());
  }

  @Test
  void textAfterASectionsBracketIsNoPartOfIt() {
    IniFile ini = parse("[a] ; see http://x/?y=1", "x = 1", "[b]#", "y = 2");
    assertEquals(Map.of("a", Map.of("x", "1"), "b", Map.of("y", "2")), ini.sections());
    assertEquals(List.of(), ini.problems());
  }

  @Test
  void anIndentedSectionMayHaveTextAfterItToo() {
    IniFile ini = parse("  [a]", "  x = 1", "  [b] ; tail", "  y = 2");
    assertEquals(Map.of("a", Map.of("x", "1"), "b", Map.of("y", "2")), ini.sections());
  }

  @Test
  void aDoubledPercentIsOne() {
    assertEquals(Map.of("x", "50%", "y", "%(x)s"), good("[a]", "x = 50%%", "y = %%(x)s"));
  }

  @Test
  void aReferenceTakesTheValueOfAKeyOfItsSection() {
    assertEquals(
        Map.of("root", "/r", "x", "/r/k 1%", "y", "/r/k 1%!"),
        good("[a]", "root = /r", "x = %(ROOT)s/k 1%%", "y = %(x)s!"));
  }

  @Test
  void aLonePercentIsKeptWithAWarning() {
    IniFile ini = parse("[a]", "x = 100%", "y = %d%%");
    assertEquals(Map.of("x", "100%", "y", "%d%"), ini.sections().get("a"));
    assertEquals(
        "WARNING test.ini [a] x: a '%' stands alone; it is kept, write '%%' to be clear\n"
            + "WARNING test.ini [a] y: a '%' stands alone; it is kept, write '%%' to be clear",
        problems(ini));
  }

  @Test
  void aReferenceToNothingIsKeptWithAWarning() {
    IniFile ini = parse("[a]", "x = %(nope)s");
    assertEquals(Map.of("x", "%(nope)s"), ini.sections().get("a"));
    assertTrue(problems(ini).startsWith("WARNING test.ini [a] x: '%(nope)s' refers"));
  }

  @Test
  void aReferenceInACircleEndsWithAWarning() {
    IniFile ini = parse("[a]", "x = %(y)s", "y = %(x)s");
    assertTrue(problems(ini).contains("[a] x: '%("), problems(ini));
    assertTrue(problems(ini).contains("refers to itself"), problems(ini));
  }

  @Test
  void theDefaultSectionIsInEveryOtherAndIsNone() {
    IniFile ini =
        parse("[DEFAULT]", "root = /r", "n = 1", "[a]", "p = %(root)s/k", "[b]", "root = /b");
    assertEquals(
        Map.of(
            "a", Map.of("root", "/r", "n", "1", "p", "/r/k"),
            "b", Map.of("root", "/b", "n", "1")),
        ini.sections());
    assertEquals(Map.of("root", "/r", "n", "1"), ini.defaults());
  }

  @Test
  void aDuplicateKeyIsAnErrorOfItsSection() {
    IniFile ini = parse("[a]", "x = 1", "y = 1", "X = 2");
    assertEquals(Map.of("x", "2", "y", "1"), ini.sections().get("a"));
    assertEquals(
        "ERROR test.ini [a] x: line 4: this key was there before; remove one of the two",
        problems(ini));
  }

  @Test
  void aSecondSectionOfTheSameNameIsAnError() {
    IniFile ini = parse("[a]", "x = 1", "y = 1", "[b]", "[a]", "x = 2", "z = 3");
    assertEquals(Map.of("x", "2", "y", "1", "z", "3"), ini.sections().get("a"));
    assertEquals(1, ini.problems().size(), problems(ini));
    assertTrue(problems(ini).startsWith("ERROR test.ini [a]: line 5: a section of this name"));
  }

  @Test
  void aLineThatIsNothingSpoilsItsSectionOnly() {
    IniFile ini = parse("[a]", "x = 1", "[b]", "y = 1", "secret-without-key", "z = 2");
    assertEquals(Map.of("x", "1"), ini.sections().get("a"));
    assertEquals(Map.of("y", "1", "z", "2"), ini.sections().get("b"));
    assertEquals(
        List.of(
            new Problem(
                Severity.ERROR,
                "test.ini",
                "b",
                "",
                "line 5: this is neither a [section], nor 'key = value', nor a comment; correct or"
                    + " remove it")),
        ini.problems());
  }

  @Test
  void everyWrongLineIsTold() {
    IniFile ini = parse("x = 1", "[a]", "wrong", "y = 2", "= 3", "  also", "z");
    assertEquals(4, ini.problems().size(), problems(ini));
    assertTrue(problems(ini).startsWith("ERROR test.ini: line 1: this is before the first"));
    assertEquals("2", ini.sections().get("a").get("y").strip().substring(0, 1));
  }

  @Test
  void aSectionWithoutItsClosingBracketKeepsItsKeysAndIsSpoilt() {
    IniFile ini = parse("[a]", "x = 1", "[b", "y = 2");
    assertEquals(Map.of("a", Map.of("x", "1"), "b", Map.of("y", "2")), ini.sections());
    assertEquals(
        "ERROR test.ini [b]: line 3: the section's name has no closing ']'; add it", problems(ini));
  }

  @Test
  void aSectionWithoutANameKeepsItsKeysAndIsSpoilt() {
    IniFile ini = parse("[a]", "x = 1", "[ ]", "y = 2");
    assertEquals(Map.of("a", Map.of("x", "1"), "line 3", Map.of("y", "2")), ini.sections());
    assertEquals(Severity.ERROR, ini.problems().get(0).severity());
  }

  @Test
  void anyTextIsReadToItsEnd() {
    String[] pieces = {
      "[",
      "]",
      "a",
      "=",
      ":",
      "%",
      "%(a)s",
      ";",
      "#",
      " ",
      "\t",
      "\n",
      "\r",
      "\u0085",
      "\u2028",
      "\u2003",
      "\u00a0",
      "\0",
      "\u000b",
      "\u001f",
      "\uFEFF",
      "\n[a]\n",
      "\n[b] c\n",
      "\nx = 1"
    };
    Random random = new Random(1);
    assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> {
          for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n >= 0; n--) {
              text.append(pieces[random.nextInt(pieces.length)]);
            }
            IniFile ini = IniText.parse("f", text.toString());
            assertEquals(ini, IniFile.fromJson(ini.toJson()));
          }
        });
  }

  @Test
  void noProblemQuotesAValue() {
    IniFile ini =
        parse("S3CRET", "[a]", "S3CRET", "x = S3CRET", "x = S3CRET", "y = S3CRET%", "=S3CRET");
    assertFalse(problems(ini).contains("S3CRET"), problems(ini));
    assertFalse(ini.toString().contains("S3CRET"), ini.toString());
  }

  @Test
  void aPieceOfAPastedKeyIsNotShownAsAKey() {
    String piece = "mighagebmbmgbyqgsm49agegccqgsm49awehbg0wawibaqqg" + "abcdefghijklmnop";
    IniFile ini = parse("[a]", piece + "=", piece + "=", piece + "= 5%");
    assertEquals(3, ini.problems().size(), problems(ini));
    assertFalse(problems(ini).contains(piece), problems(ini));
  }

  @Test
  void everythingSurvivesTheWayThroughJson() {
    IniFile ini = parse("[DEFAULT]", "d = 1", "[z]", "x = ü", "[a]", "x = 5%", "wrong");
    IniFile back = IniFile.fromJson(new JsonObject(ini.toJson().encode()));
    assertEquals(ini, back);
    assertEquals(List.of("z", "a"), List.copyOf(back.sections().keySet()));
  }
}
