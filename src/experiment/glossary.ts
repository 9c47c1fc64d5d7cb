import { eventKinds } from '../measure/event-kinds.js'
import { riskClasses } from '../measure/risk-classes.js'
import { endpointDocs } from '../replication/endpoints/endpoint-docs.js'
import { editorJsonSchema } from '../scenario/json-inputs.js'
import type { JsonSchema } from '../scenario/json-schema.js'
import { sentence } from '../scenario/sentence.js'
import type { Vocabulary } from '../scenario/vocabulary.js'
import { exitCodes } from './exit-code.js'
import { simplifications } from './simplifications.js'
import { fixWords, parameterWords, profileWords, propertyWords } from './words/model-words.js'
import {
  figureWords,
  invariantWords,
  lawWords,
  metricWords,
  seriesWords,
} from './words/result-words.js'
import { alternativeWords, keyWords } from './words/schema-words.js'
import { terms } from './words/terms.js'
import type { Word } from './words/word.js'

/**
 * Every word that a scenario, a report or a result uses, from the registries that schema, help and
 * reports use themselves. A word with several meanings is there several times.
 */
export function glossary(vocabulary: Vocabulary): Word[] {
  const schema: JsonSchema = editorJsonSchema(vocabulary)
  const { properties = {} } = schema
  return [
    ...termWords(),
    ...endpointWords(),
    ...disasterWords(),
    ...alternativeWords(properties.faults, 'fault', 'faults[]'),
    ...alternativeWords(properties.operations, 'operation', 'operations[]'),
    ...profileWords(vocabulary),
    ...keyWords(schema, vocabulary),
    ...parameterWords(vocabulary),
    ...propertyWords(vocabulary),
    ...figureWords(),
    ...metricWords(),
    ...seriesWords(),
    ...eventWords(),
    ...invariantWords(),
    ...lawWords(),
    ...fixWords(vocabulary),
    ...exitCodeWords(),
    ...simplificationWords(),
  ]
}

function termWords(): Word[] {
  return Object.entries(terms).map(([word, { text, see = [] }]) => ({
    word,
    kind: 'term',
    text,
    see,
  }))
}

function endpointWords(): Word[] {
  return Object.entries(endpointDocs).map(([word, { doc, ...more }]) => ({
    word,
    kind: 'endpoint',
    text: sentence(doc),
    where: ['peers.<peer>.endpoint'],
    more: {
      'Confirmed after': more.confirmedAfter,
      Claims: more.claims.join(', '),
      ...(more.condition && { Condition: more.condition }),
      'Until it is in the store, an edit is': more.until,
    },
    see: ['claim', 'confirmed'],
  }))
}

function disasterWords(): Word[] {
  return Object.entries(riskClasses).map(([word, { gone, remains }]) => ({
    word,
    kind: 'disaster class',
    text: `Takes ${gone}.`,
    where: ['peers.<peer>.rpo', 'peers.<peer>.claims'],
    more: { 'Still restorable': remains },
    see: ['RPO', 'claim'],
  }))
}

function eventWords(): Word[] {
  return Object.entries(eventKinds).map(([word, { doc, thread }]) => ({
    word,
    kind: 'event',
    text: doc,
    more: { Component: thread },
  }))
}

function exitCodeWords(): Word[] {
  return Object.entries(exitCodes).map(([word, text]) => ({
    word,
    kind: 'exit code',
    text: sentence(text),
  }))
}

function simplificationWords(): Word[] {
  return Object.entries(simplifications).flatMap(([subject, all]) =>
    all.map(({ text, effect, about }) => ({
      word: text,
      kind: 'simplification' as const,
      text: effect,
      more: { Subject: subject },
      see: about,
    })),
  )
}
