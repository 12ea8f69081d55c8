package io.solebox.scout.source.web;

import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes plain text of the HTML that strangers write. What is no markup stays. */
public final class PlainText {
  private static final Pattern HIDDEN =
      Pattern.compile("(?is)<(script|style)\\b[^>]{0,1000}>.*?(?:</\\1\\s*>|$)|<!--.*?(?:-->|$)");
  private static final Pattern TAG = Pattern.compile("</?[A-Za-z][^<>]{0,4000}>");
  private static final Pattern REFERENCE =
      Pattern.compile("&(?:#(\\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z]{2,8}));");
  private static final Pattern SPACES = Pattern.compile("[\\s\\u00a0]+");

  /** Those that stand in titles and prices; others stay as they are written. */
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("amp", "&"),
          Map.entry("lt", "<"),
          Map.entry("gt", ">"),
          Map.entry("quot", "\""),
          Map.entry("apos", "'"),
          Map.entry("nbsp", " "),
          Map.entry("euro", "€"),
          Map.entry("pound", "£"),
          Map.entry("auml", "ä"),
          Map.entry("ouml", "ö"),
          Map.entry("uuml", "ü"),
          Map.entry("Auml", "Ä"),
          Map.entry("Ouml", "Ö"),
          Map.entry("Uuml", "Ü"),
          Map.entry("szlig", "ß"),
          Map.entry("eacute", "é"),
          Map.entry("egrave", "è"),
          Map.entry("agrave", "à"),
          Map.entry("ccedil", "ç"),
          Map.entry("ntilde", "ñ"),
          Map.entry("ndash", "–"),
          Map.entry("mdash", "—"),
          Map.entry("hellip", "…"),
          Map.entry("times", "×"),
          Map.entry("reg", "®"),
          Map.entry("trade", "™"),
          Map.entry("copy", "©"));

  private PlainText() {}

  /** Of HTML, or of text that only looks a little like it. */
  public static String of(String html) {
    String bare = TAG.matcher(HIDDEN.matcher(html).replaceAll(" ")).replaceAll(" ");
    String plain = REFERENCE.matcher(bare).replaceAll(PlainText::character);
    return SPACES.matcher(plain).replaceAll(" ").strip();
  }

  /** What a name of HTML stands for. */
  public static Optional<String> named(String name) {
    return Optional.ofNullable(NAMES.get(name));
  }

  private static String character(MatchResult match) {
    String text;
    if (match.group(3) != null) {
      text = NAMES.getOrDefault(match.group(3), match.group());
    } else {
      int code =
          match.group(1) != null
              ? Integer.parseInt(match.group(1))
              : Integer.parseInt(match.group(2), 16);
      boolean sound = Character.isValidCodePoint(code) && (code < 0xd800 || code > 0xdfff);
      text = sound ? Character.toString(code) : " ";
    }
    return Matcher.quoteReplacement(text);
  }
}
