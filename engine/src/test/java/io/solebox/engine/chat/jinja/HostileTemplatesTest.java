package io.solebox.engine.chat.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates that would run forever, exhaust the stack or fill the memory end with an error. */
@Timeout(60)
class HostileTemplatesTest {
  private static TemplateFailure fail(String source) {
    return assertThrows(
        TemplateFailure.class,
        () -> JinjaTemplate.compile(source).render(Map.of(), Clock.systemUTC()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
        "{% set k = 'a' * 8000000 %}{% for i in range(99999) %}{% set x = k[i] %}{% endfor %}",
        "{% set k = ' ' * 8000000 %}{% for i in range(9999) %}{% set x = k.strip() %}{% endfor %}",
        "{% set a = 'a' * 4000000 %}{{ ('a' * 2000000 ~ 'b') in a }}",
        "{% set k = 'a' * 900000 %}{% for i in range(9999) %}{% set x = k.strip('b' * 900000) %}"
            + "{% endfor %}",
        "{% set k = '<' * 4000000 %}{{ k | striptags }}",
        "{% set n = namespace(l=[1], m=[1]) %}{% for i in range(99) %}{% set n.l = [n.l, n.l] %}"
            + "{% set n.m = [n.m, n.m] %}{% endfor %}{{ n.l == n.m }}",
        "{% set x = 7 ** 400 %}{% for i in range(99999) %}{% for j in range(99) %}"
            + "{% set y = x * 3 // 7 %}{% endfor %}{% endfor %}",
      })
  void endlessWork(String source) {
    assertEquals("the template runs too long", fail(source).getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ 'a' * 10 ** 9 }}",
        "{{ 10 ** 9 * 'ab' }}",
        "{% set n = namespace(s='a') %}{% for i in range(99) %}{% set n.s = n.s ~ n.s %}"
            + "{% endfor %}",
        "{% set n = namespace(s='a') %}{% for i in range(99) %}{% set n.s = n.s + n.s %}"
            + "{% endfor %}",
        "{{ 'a'.center(10 ** 9) }}",
        "{{ 'a'.zfill(10 ** 15) }}",
        "{{ '\\t'.expandtabs(10 ** 12) }}",
        "{{ 'a\\nb' | indent(10 ** 9) }}",
        "{{ [1] | tojson(indent=10 ** 9) }}",
        "{{ '%999999999d' % 1 }}",
        "{{ '{:>999999999}'.format(1) }}",
        "{% set a = 'a' * 4000000 %}{{ a | replace('a', a) }}",
        "{{ range(99999) | join('a' * 99999) }}",
        "{% set n = namespace(l=[1]) %}{% for i in range(99) %}{% set n.l = [n.l, n.l] %}"
            + "{% endfor %}{{ n.l }}",
        "{% macro m(k) %}{% for i in range(9) %}{{ m(k - 1) if k else 'a' * 9999 }}{% endfor %}"
            + "{% endmacro %}{{ m(9) }}",
      })
  void endlessText(String source) {
    String message = fail(source).getMessage();
    assertTrue(message.startsWith("the template makes a text of more than"), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% set n = namespace(l=[]) %}{% for i in range(99999) %}"
            + "{% set n.l = n.l + ['a' * 8000000 ~ i] %}{% endfor %}",
        "{% set n = namespace(l=[1]) %}{% for i in range(99) %}{% set n.l = n.l + n.l %}"
            + "{% endfor %}",
        "{% for i in range(9999) %}{% set x = range(99999) | list %}{% endfor %}",
        "{{ ('a' * 8000000) | list }}",
        "{% set k = 'a' * 8000000 %}{% set n = namespace(l=[]) %}{% for i in range(999) %}"
            + "{% set n.l = n.l + [{}[k ~ i]] %}{% endfor %}",
        "{{ ('a ' * 4000000).split() }}",
      })
  void endlessMemory(String source) {
    assertEquals("the template uses too much memory", fail(source).getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m() %}{% call m() %}{{ m() }}{% endcall %}{{ caller }}{% endmacro %}"
            + "{{ m() }}",
        "{% macro m() %}{% call m() %}{% filter upper %}{{ m() }}{% endfilter %}{% endcall %}"
            + "{{ caller() }}{% endmacro %}{{ m() }}",
        "{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}",
      })
  void endlessRecursion(String source) {
    assertEquals("the template nests or recurses too deeply", fail(source).getMessage());
  }

  @Test
  void deepTemplates() {
    List<String> sources = new ArrayList<>();
    for (String open : List.of("(", "[", "{1:", "not ", "- ", "1 if 0 else ", "x[", "f(", "x|f(")) {
      String close = Map.of('(', ")", '[', "]", ':', "}").getOrDefault(lastOf(open), "");
      sources.add("{{ " + open.repeat(50_000) + "1" + close.repeat(50_000) + " }}");
    }
    sources.add("{% if 1 %}".repeat(100_000));
    sources.add("{% for x in y %}".repeat(50_000));
    sources.add("{% set " + "(".repeat(50_000) + "x" + ")".repeat(50_000) + " = 1 %}");
    sources.add("{{ 1" + "+1".repeat(100_000) + " }}");
    sources.add("{{ 1" + "|abs".repeat(100_000) + " }}");
    sources.add("{{ x" + ".y".repeat(100_000) + " }}");
    sources.add("{{ 1" + " if 1".repeat(100_000) + " }}");
    for (String source : sources) {
      String message = fail(source).getMessage();
      assertTrue(message.contains("deeply"), message);
    }
  }

  private static char lastOf(String text) {
    return text.charAt(text.length() - 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{{ n.l }}", "{{ n.l | tojson }}", "{{ n.l == n.m }}", "{{ n.l < n.m }}"})
  void deepValues(String use) {
    String build =
        "{% set n = namespace(l=[], m=[]) %}{% for i in range(9999) %}{% set n.l = [n.l] %}"
            + "{% set n.m = [n.m] %}{% endfor %}";
    assertTrue(fail(build + use).getMessage().startsWith("a value nests too deeply"));
  }

  @Test
  void cyclicValues() {
    assertTrue(
        fail("{% set n = namespace() %}{% set n.n = n %}{{ n }}").getMessage().contains("deep"));
  }

  @Test
  void deepVariables() {
    Object deep = 1L;
    for (int i = 0; i < 100_000; i++) {
      deep = List.of(deep);
    }
    Map<String, Object> variables = Map.of("x", deep);
    JinjaTemplate template = JinjaTemplate.compile("{{ x }}");
    assertThrows(TemplateFailure.class, () -> template.render(variables, Clock.systemUTC()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ range(10 ** 12) }}",
        "{{ range(-9223372036854775808, 9223372036854775807) }}",
        "{{ [1] * 10 ** 9 }}",
        "{{ 10 ** 10 ** 9 ** 9 }}",
        "{{ 2 ** 99999 }}",
        "{% set n = namespace(x=7) %}{% for i in range(99) %}{% set n.x = n.x * n.x %}{% endfor %}",
        "{{ '%.999999999f' % 1 }}",
        "{{ [1] | batch(10 ** 9, 1) | list }}",
        "{{ [1] | slice(10 ** 9) | list }}",
        "{{ 'x'.__class__.__mro__ }}",
        "{{ ''.join.__globals__.os }}",
        "{{ range.__init__ }}{{ range.x.y }}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{% extends 'x' %}",
      })
  void otherMischief(String source) {
    fail(source);
  }

  @Test
  void largeSourcesOfOnePiece() {
    for (String piece :
        List.of("{{", "{%", "{#", "}}", "'", "1", "_", "{{ a }}", "{% raw %}", " ")) {
      String source = piece.repeat(1_000_000 / piece.length());
      try {
        JinjaTemplate.compile(source).render(Map.of(), Clock.systemUTC());
      } catch (TemplateFailure failure) {
        assertTrue(failure.line().isPresent(), failure.getMessage());
      }
    }
    assertThrows(TemplateFailure.class, () -> JinjaTemplate.compile(" ".repeat(1 << 21)));
  }
}
