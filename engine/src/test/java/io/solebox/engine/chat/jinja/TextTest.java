package io.solebox.engine.chat.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts know who wrote each of their characters, through every way to make one of another. */
class TextTest {
  /** The characters, with what the template wrote in angle quotes. */
  private static String shown(Text text) {
    StringBuilder out = new StringBuilder();
    for (int part = 0; part < text.parts(); part++) {
      String piece = text.string().substring(text.start(part), text.end(part));
      out.append(text.isWritten(part) ? "\u00ab" + piece + "\u00bb" : piece);
    }
    return out.toString().replace("\u00bb\u00ab", "").replace("\u00ab\u00bb", "");
  }

  /** The other way. */
  private static Text text(String shown) {
    Text text = Text.EMPTY;
    boolean written = false;
    for (String piece : shown.splitWithDelimiters("[\u00ab\u00bb]", 0)) {
      switch (piece) {
        case "\u00ab" -> written = true;
        case "\u00bb" -> written = false;
        default -> text = text.concat(written ? Text.written(piece) : Text.plain(piece));
      }
    }
    return text;
  }

  /** Each character with its origin, as a plain list that needs no cleverness. */
  private static String flat(Text text) {
    StringBuilder out = new StringBuilder();
    for (int at = 0; at < text.length(); at++) {
      out.append(text.isWritten(text.partAt(at)) ? '+' : '-').append(text.charAt(at));
    }
    return out.toString();
  }

  private static Text random(Random random) {
    Text text = Text.EMPTY;
    for (int n = random.nextInt(8); n > 0; n--) {
      String piece = "abc".substring(random.nextInt(3));
      text = text.concat(random.nextBoolean() ? Text.written(piece) : Text.plain(piece));
    }
    return text;
  }

  @Test
  void partsAreThoseOfTheCharacters() {
    Random random = new Random(3);
    for (int round = 0; round < 5000; round++) {
      Text a = random(random);
      Text b = random(random);
      assertEquals(flat(a) + flat(b), flat(a.concat(b)));
      int from = random.nextInt(a.length() + 1);
      int to = from + random.nextInt(a.length() + 1 - from);
      assertEquals(flat(a).substring(2 * from, 2 * to), flat(a.substring(from, to)));
      BoundedText built = new BoundedText(new Budget(Limits.DEFAULT));
      built.append(a).append(b, 0, b.length() / 2).repeat(a, 2).plain("x");
      String expected = flat(a) + flat(b).substring(0, b.length() / 2 * 2) + flat(a) + flat(a);
      assertEquals(expected + "-x", flat(built.toText()));
      assertEquals(shown(a), shown(text(shown(a))));
      for (int part = 1; part < a.parts(); part++) {
        assertNotEquals(a.isWritten(part - 1), a.isWritten(part));
        assertEquals(a.end(part - 1), a.start(part));
      }
    }
  }

  @Test
  void equalTextsAreEqualWhoeverWroteThem() {
    assertEquals(Text.written("a"), Text.plain("a"));
    assertEquals(Text.written("a").hashCode(), Text.plain("a").hashCode());
    assertNotEquals(Text.written("a"), Text.written("b"));
  }

  @Test
  void lettersKeepTheirPlacesOrBecomePlain() {
    assertEquals(
        "\u00abAB\u00bbSS\u00abC\u00bb",
        shown(text("\u00abab\u00bb\u00df\u00abc\u00bb").map(PyText::upper)));
    // A sigma at the end is another letter, and here a letter becomes two as well: nobody can say.
    Text sigma = text("\u00aba\u03a3\u00bba\u0130").map(PyText::lower);
    assertEquals("a\u03c3ai\u0307", shown(sigma));
  }

  /** The message says x (and m's and s's plain parts), the template wrote w. */
  private static String render(String template) {
    Map<String, Object> variables = new LinkedHashMap<>();
    variables.put("x", "xax");
    variables.put("w", Text.written("waw"));
    variables.put("m", text("x\u00abww\u00bbxx\u00abw\u00bb"));
    variables.put("list", List.of("p", "q"));
    variables.put("map", Map.of("key", "v"));
    variables.put("n", 5L);
    return shown(JinjaTemplate.compile(template).render(variables, Clock.systemUTC()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          w + x | «waw»xax
          w ~ x ~ n ~ w | «waw»xax5«waw»
          x * 2 + w * 2 | xaxxax«wawwaw»
          m[1] + m[0] + m[-1] | «w»x«w»
          m[1:4] | «ww»x
          m[::-1] | «w»xx«ww»x
          m[::2] | x«w»x
          `m.strip('x')` | «ww»xx«w»
          `(' ' + m + ' ') | trim` | x«ww»xx«w»
          `m.lstrip('x') + m.rstrip('w')` | «ww»xx«w»x«ww»xx
          `m.removeprefix('x') + m.removesuffix('w')` | «ww»xx«w»x«ww»xx
          `m.replace('ww', 'q')` | x«q»xx«w»
          `x.replace('a', w)` | x«waw»x
          `w.replace('a', x)` | «w»xax«w»
          `w | replace('a', x)` | «w»xax«w»
          `m.split('xx') | join('-')` | x«ww-w»
          `m.split('xx') | join(x)` | x«ww»xax«w»
          `m.rsplit('w', 1) | join('-')` | x«ww»xx«-»
          `'a b c'.split() | join(x)` | «a»xax«b»xax«c»
          `'-'.join([x, w])` | xax«-waw»
          `x.partition('a') | join` | xax
          `m.rpartition('x') | join` | x«ww»xx«w»
          m.upper() + m.swapcase() | X«WW»XX«W»X«WW»XX«W»
          `m | title` | X«ww»xx«w»
          `m | capitalize` | X«ww»xx«w»
          m.title() + m.capitalize() + m.casefold() | X«ww»xx«w»X«ww»xx«w»x«ww»xx«w»
          `m | upper | lower` | x«ww»xx«w»
          `m | reverse` | «w»xx«ww»x
          `m | list | join` | x«ww»xx«w»
          `(m | first) + (m | last)` | x«w»
          `m | string` | x«ww»xx«w»
          `m.center(8, 'z')` | «z»x«ww»xx«wz»
          `m | center(8)` | ` x«ww»xx«w» `
          `m.ljust(8, 'z') + m.rjust(8, 'z')` | x«ww»xx«wzzzz»x«ww»xx«w»
          m.zfill(7) | 0x«ww»xx«w»
          `('+' ~ x).zfill(6)` | «+»00xax
          `'%s-%s' % (x, w)` | xax«-waw»
          `'a%sb' % m` | «a»x«ww»xx«wb»
          `'%%%(k)s' % {'k': x}` | «%»xax
          `'%3d' % n` | `  5`
          `'%-5s|' % w` | `«waw»  «|»`
          `'a{}b{}'.format(x, w)` | «a»xax«bwaw»
          `'{:.>8}'.format(m)` | ..x«ww»xx«w»
          `'{0[0]}'.format(m)` | x
          `'{k!r}'.format(k=x)` | `'xax'`
          `'a%sb' | format(x)` | «a»xax«b»
          `x | tojson` | `"xax"`
          `(w + '"') | tojson` | `"«waw\\"»"`
          `{'k': x} | tojson` | `{"«k»": "xax"}`
          `list | tojson(separators=('-', ':'))` | `["p"«-»"q"]`
          `list | string` | `['p', 'q']`
          [x, w] | `['xax', '«waw»']`
          {w: x} | `{'«waw»': 'xax'}`
          n ~ true ~ none ~ 1.5 | 5TrueNone1.5
          `m | indent(2, true)` | `  x«ww»xx«w»`
          `m | truncate(4, true, 'z', 0)` | x«wwz»
          `(m ~ '/ü') | urlencode` | x«ww»xx«w/%C3%BC»
          `('<b>' ~ m ~ '</b>') | striptags` | x«ww»xx«w»
          `(m ~ '<') | e` | x«ww»xx«w&lt;»
          `(m | safe) + '<'` | x«ww»xx«w&lt;»
          `map.keys() | first` | key
          `map.items() | map('join') | join` | keyv
          `dict(k=x).items() | map('join') | join` | «k»xax
          `dict(**map) | list | join` | key
          `list | map('upper') | join(w)` | P«waw»Q
          `[x, w] | sort | join` | «waw»xax
          `[w, x, 'waw'] | unique | join` | «waw»xax
          `([x, w] | max) + ([x, w] | min)` | xax«waw»
          (x or w) + (none or w) | xax«waw»
          x if n == 5 else w | xax
          `missing | default(x) + missing | default(w)` | xax«waw»
          cycler(x, w).next() ~ joiner(w)() ~ joiner()() | xax
          `[[x, w]] | map('last') | join` | «waw»
          `[{'a': x}] | map(attribute='a') | join` | xax
          `[x, w, x] | groupby(0) | map('first') | join` | «w»x
          `list | batch(1) | map('join') | join('-')` | p«-»q
          `x | wordcount ~ x | length` | 13
          `x | pprint` | `'xax'`
          x is string and w or x | «waw»
          namespace(a=x).a ~ namespace(a=w) | `xax<Namespace {'«a»': '«waw»'}>`
          `strftime_now('<%Y>')[0:1]` | «<»
          """)
  void everyOperationKeepsWhoWroteWhat(String expression, String expected) {
    assertEquals(expected, render("{{ " + expression + " }}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for c in m %}{{ c }}{% endfor %}",
        "{% set t %}{{ m }}{% endset %}{{ t }}",
        "{% set t = namespace(v=m) %}{{ t.v }}",
        "{% macro f(a) %}{{ a }}{% endmacro %}{{ f(m) }}",
        "{% macro f() %}{{ caller() }}{% endmacro %}{% call f() %}{{ m }}{% endcall %}",
        "{% filter lower %}{{ m }}{% endfilter %}",
        "{% with t = m %}{{ t }}{% endwith %}",
        "{% for a, b in [(m[:2], m[2:])] %}{{ a ~ b }}{% endfor %}",
        "{% for c in m recursive %}{{ loop([c]) if loop.depth == 1 else c }}{% endfor %}",
        "{% generation %}{{ m }}{% endgeneration %}",
      })
  void everyStatementKeepsWhoWroteWhat(String template) {
    assertEquals("x\u00abww\u00bbxx\u00abw\u00bb", render(template));
  }
}
