package io.solebox.scout.notice;

import io.solebox.scout.card.CardMatch;
import io.solebox.scout.judge.Judgement;
import io.solebox.scout.judge.Standing;
import io.solebox.scout.judge.Suspicion;
import java.util.LinkedHashMap;
import java.util.Map;

/** A judgement as plain values. */
final class JudgementJson {
  private JudgementJson() {}

  static Map<String, Object> values(Judgement judgement) {
    Map<String, Object> json = new LinkedHashMap<>();
    judgement.card().ifPresent(card -> json.put("card", card(card)));
    judgement.perUnit().ifPresent(money -> json.put("per_unit", NoticeJson.money(money)));
    judgement.perGigabyte().ifPresent(money -> json.put("per_gigabyte", NoticeJson.money(money)));
    judgement.perBandwidth().ifPresent(money -> json.put("per_bandwidth", NoticeJson.money(money)));
    judgement.standing().ifPresent(standing -> json.put("standing", standing(standing)));
    judgement.noStanding().ifPresent(reason -> json.put("no_standing", reason));
    json.put("suspicions", judgement.suspicions().stream().map(JudgementJson::suspicion).toList());
    json.put("outlook", judgement.outlook().stream().map(JudgementJson::outlook).toList());
    return json;
  }

  private static Map<String, Object> card(CardMatch card) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", card.card());
    json.put("units", card.units());
    json.put("reason", card.reason());
    return json;
  }

  private static Map<String, Object> standing(Standing standing) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("score", standing.score());
    json.put("median", NoticeJson.money(standing.median()));
    json.put("seen", standing.seen());
    return json;
  }

  private static Map<String, Object> suspicion(Suspicion suspicion) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("code", suspicion.code());
    json.put("reason", suspicion.reason());
    return json;
  }

  private static Map<String, Object> outlook(Judgement.Outlook outlook) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", outlook.name());
    json.put("label", outlook.label());
    json.put("value", outlook.value());
    json.put("reason", outlook.reason());
    return json;
  }
}
