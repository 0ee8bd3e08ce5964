// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokenfile;

import java.io.EOFException;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleException;
import net.razorvine.pickle.PickleUtils;
import net.razorvine.pickle.UnpickleStack;
import net.razorvine.pickle.Unpickler;

/**
 * Reads pickles of plain data, and nothing else: texts, numbers, booleans, None, dictionaries, and
 * {@code collections.defaultdict}. A pickle is a program for a small machine, which can call
 * whatever it names. So this one has no instruction that makes objects of classes or sets their
 * state, and the library's list of classes that it knows is never asked. Confined to one thread.
 */
abstract class PlainUnpickler extends Unpickler {
  /** No account, token or text of a message is longer, by far. */
  private static final long LONGEST = 16L << 20;

  private static final String ALLOWED = "collections.defaultdict";
  private static final int LONGEST_SHOWN = 80;
  private static final int LENGTH = 4;
  private static final int LONG_LENGTH = 8;

  /** Stands for a class that may be called: the only one. */
  private static final Object DEFAULT_DICT = new Object();

  /** Stands for a text that is not wanted now. */
  private static final String SOME_TEXT = "";

  private final PickleInput in;

  /**
   * Which of the values that the file numbers are asked for again; null while that is found out.
   */
  private final Set<Integer> asked;

  private final Set<Integer> asks = new HashSet<>();
  private int numbered;
  private boolean ended;

  /**
   * @param asked what {@link #asks} has found; null to find it out: then values are not what they
   *     are in the file
   */
  PlainUnpickler(PickleInput in, Set<Integer> asked) {
    this.in = in;
    this.input = in;
    this.asked = asked;
    this.stack = new UnpickleStack();
  }

  /** The numbers of the values that the file asks for again: all others need not be kept. */
  Set<Integer> asks() {
    return asks;
  }

  /** The dictionary that is the whole, when it is made; it is still empty. */
  abstract Map<Object, Object> whole();

  /** Whether the end was read. */
  boolean isEnded() {
    return ended;
  }

  /**
   * Does the next instruction.
   *
   * @throws BadTokenFileException when it is none of those for plain data, or the file is damaged
   */
  void step() throws IOException, BadTokenFileException {
    long at = in.position();
    try {
      int code = input.read();
      if (code < 0) {
        throw new EOFException("there is no end");
      }
      Object value = dispatch((short) code);
      if (value != NO_RETURN_VALUE) {
        ended = true;
        finish(value);
      }
    } catch (NotPlainException e) {
      throw new BadTokenFileException(
          "it is no file of tokens: byte %s %s".formatted(at, e.getMessage()), e);
    } catch (RuntimeException | IOException e) {
      if (in.left() <= 0 || e instanceof EOFException) {
        throw new BadTokenFileException("it is not whole: it ends in the middle", e);
      } else if (e instanceof IOException io) {
        throw io;
      }
      // The library's own, and whatever comes of instructions in an order that makes no sense.
      throw new BadTokenFileException("it is damaged at byte " + at, e);
    }
  }

  /** Takes what the file is, at its end. */
  abstract void finish(Object value);

  @Override
  protected Object dispatch(short code) throws IOException {
    switch (code) {
      case Opcodes.STOP,
          Opcodes.PROTO,
          Opcodes.FRAME,
          Opcodes.MARK,
          Opcodes.NONE,
          Opcodes.NEWTRUE,
          Opcodes.NEWFALSE,
          Opcodes.BININT,
          Opcodes.BININT1,
          Opcodes.BININT2,
          Opcodes.LONG1,
          Opcodes.SHORT_BINUNICODE,
          Opcodes.EMPTY_TUPLE,
          Opcodes.TUPLE1 -> {
        return super.dispatch(code);
      }
      case Opcodes.BINUNICODE -> {
        return text(code, LENGTH);
      }
      case Opcodes.BINUNICODE8 -> {
        return text(code, LONG_LENGTH);
      }
      case Opcodes.EMPTY_DICT -> stack.add(new LinkedHashMap<>());
      case Opcodes.SETITEM -> {
        Object value = stack.pop();
        Object key = stack.pop();
        put(key, value);
      }
      case Opcodes.SETITEMS -> putAll(stack.pop_all_since_marker());
      case Opcodes.BINPUT -> keep(input.read());
      case Opcodes.LONG_BINPUT -> keep(number());
      case Opcodes.MEMOIZE -> keep(numbered++);
      case Opcodes.BINGET -> stack.add(kept(input.read()));
      case Opcodes.LONG_BINGET -> stack.add(kept(number()));
      case Opcodes.GLOBAL -> named(PickleUtils.readline(input) + "." + PickleUtils.readline(input));
      case Opcodes.STACK_GLOBAL -> {
        Object name = stack.pop();
        named(stack.pop() + "." + name);
      }
      case Opcodes.REDUCE -> call();
      default -> throw new NotPlainException(what(code));
    }
    return NO_RETURN_VALUE;
  }

  /** What an instruction is for that is not done. */
  private static String what(short code) {
    return switch (code) {
      case Opcodes.BUILD, Opcodes.NEWOBJ, Opcodes.NEWOBJ_EX, Opcodes.OBJ, Opcodes.INST ->
          "makes an object of a class, and only plain data is read";
      case Opcodes.PERSID, Opcodes.BINPERSID, Opcodes.EXT1, Opcodes.EXT2, Opcodes.EXT4 ->
          "refers to something outside of the file";
      default ->
          String.format(
              Locale.ROOT,
              "has the instruction 0x%02x, which plain data of the protocols 2 to 5 do not need",
              code);
    };
  }

  private Object text(short code, int lengthBytes) throws IOException {
    long length = in.peek(lengthBytes);
    if (length > in.left() - lengthBytes) {
      throw new EOFException("the text ends behind the end of the file");
    } else if (length < 0 || length > LONGEST) {
      throw new NotPlainException("has a text of " + length + " bytes");
    }
    return super.dispatch(code);
  }

  private int number() throws IOException {
    return PickleUtils.bytes_to_integer(PickleUtils.readbytes(input, LENGTH));
  }

  private void keep(int number) {
    Object value = stack.peek();
    boolean wanted = asked == null ? value == DEFAULT_DICT : asked.contains(number);
    if (wanted) {
      memo.put(number, value);
    }
  }

  private Object kept(int number) {
    if (asked == null) {
      asks.add(number);
      return memo.getOrDefault(number, SOME_TEXT);
    }
    Object value = memo.get(number);
    if (value == null) {
      throw new PickleException("there is no value " + number);
    }
    return value;
  }

  private void putAll(List<Object> keysAndValues) {
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      put(keysAndValues.get(i), keysAndValues.get(i + 1));
    }
  }

  @SuppressWarnings("unchecked")
  private void put(Object key, Object value) {
    // Python has no such key; one that has itself in it would have no end here.
    if (key instanceof Map) {
      throw new NotPlainException("has a dictionary in the place of a name");
    }
    Object unused = ((Map<Object, Object>) stack.peek()).put(key, value);
  }

  private void named(String name) {
    if (!name.equals(ALLOWED)) {
      throw new NotPlainException("names " + shown(name) + ", and only plain data is read");
    }
    stack.add(DEFAULT_DICT);
  }

  private static String shown(String name) {
    return name.length() <= LONGEST_SHOWN ? name : name.substring(0, LONGEST_SHOWN) + "...";
  }

  private void call() {
    Object unusedArguments = (Object[]) stack.pop();
    Object called = stack.pop();
    if (called != DEFAULT_DICT) {
      throw new NotPlainException("calls something, and only plain data is read");
    }
    stack.add(stack.size() == 0 ? whole() : new LinkedHashMap<>());
  }

  /** There is more in the file than plain data. */
  private static final class NotPlainException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotPlainException(String message) {
      super(message);
    }
  }
}
