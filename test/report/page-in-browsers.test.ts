/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { AxeResults } from 'axe-core'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { afterAll, describe, expect, test } from 'vitest'
import { onPath } from '../determinism/engines.js'
import { testWith } from '../named-skip.js'
import { BACKUP, REPLICAS, smallReport } from './small-report.js'

const CHROMIUM = onPath('chromium', 'google-chrome')
const FIREFOX = onPath('firefox-esr', 'firefox')
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

const folder = mkdtempSync(join(tmpdir(), 'hbsim-page-'))
afterAll(() => rmSync(folder, { recursive: true }))

const pages = [BACKUP, REPLICAS].map((text) => {
  const { html, charts } = smallReport(text)
  const name = /name: (.*)/.exec(text)?.[1] ?? ''
  const path = join(folder, `${name}.html`)
  writeFileSync(path, html)
  return { name, charts, url: pathToFileURL(path).href }
})

interface Visit {
  page: Page
  /** Everything that went wrong or went out. */
  seen: { requests: string[]; complaints: string[] }
}

/** Each browser is started once. */
const browsers = new Map<string, Promise<Browser>>()
afterAll(async () => {
  for (const browser of browsers.values()) await (await browser).close()
})

function started(browser: 'chrome' | 'firefox', executablePath: string): Promise<Browser> {
  const running = browsers.get(browser)
  if (running !== undefined) return running
  const launched = puppeteer.launch({
    browser,
    executablePath,
    // Containers and CI run as root, for whom Chromium has no sandbox.
    args: browser === 'chrome' ? ['--no-sandbox', '--disable-quic', '--disable-gpu'] : [],
    // A proxy that nobody is: Firefox cannot be put offline from here.
    extraPrefsFirefox: {
      'network.proxy.type': 1,
      'network.proxy.socks': '127.0.0.1',
      'network.proxy.socks_port': 9,
      'network.proxy.socks_remote_dns': true,
    },
  })
  browsers.set(browser, launched)
  return launched
}

/** Opens `url` in a browser that has no network, and listens to everything that should not be. */
async function visit(
  browser: 'chrome' | 'firefox',
  executablePath: string,
  url: string,
  body: (visit: Visit) => Promise<void>,
): Promise<void> {
  const page = await (await started(browser, executablePath)).newPage()
  try {
    await page.setViewport({ width: 1280, height: 900 })
    const seen: Visit['seen'] = { requests: [], complaints: [] }
    page.on('request', (request) => seen.requests.push(request.url()))
    page.on('console', (message) => seen.complaints.push(`${message.type()}: ${message.text()}`))
    page.on('pageerror', (error) => seen.complaints.push(String(error)))
    if (browser === 'chrome') await page.setOfflineMode(true)
    await page.evaluateOnNewDocument(() => {
      addEventListener('securitypolicyviolation', (event) => {
        reportError(new Error(`${event.violatedDirective} refuses ${event.blockedURI}`))
      })
    })
    await page.goto(url)
    await body({ page, seen })
  } finally {
    await page.close()
  }
}

/** Whether charts have colours, thus lines or boxes, and whether their paper is dark. */
async function looks(page: Page): Promise<{ id: string; coloured: boolean; isDark: boolean }[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLCanvasElement>('.drawing canvas')].map((canvas) => {
      const copy = document.createElement('canvas')
      copy.width = canvas.width
      copy.height = canvas.height
      const ctx = copy.getContext('2d', { willReadFrequently: true })
      ctx?.drawImage(canvas, 0, 0)
      const data = ctx?.getImageData(0, 0, copy.width, copy.height).data ?? []
      let coloured = 0
      for (let at = 0; at < data.length; at += 4) {
        const channels = [data[at], data[at + 1], data[at + 2]]
        if (Math.max(...channels) - Math.min(...channels) > 50) coloured++
      }
      const id = canvas.id.replace('chart-', '')
      return { id, coloured: coloured > 300, isDark: data[0] < 80 && data[3] === 255 }
    }),
  )
}

async function choose(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await page.click(`[data-choose="${theme}"]`)
}

/** What axe finds that is serious or critical, as `rule: element`. */
async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync(AXE, 'utf8'))
  const found = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
  return (found as AxeResults).violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`))
}

describe.each([
  ['Chromium', 'chrome', CHROMIUM],
  ['Firefox', 'firefox', FIREFOX],
] as const)('in %s without network', (browserName, browser, program) => {
  for (const { name, charts, url } of pages) {
    testWith(
      program,
      `no ${browserName} here`,
      `the page of ${name} draws every chart in light and dark, asks for nothing, has no complaint`,
      async (path) => {
        await visit(browser, path, url, async ({ page, seen }) => {
          for (const theme of ['light', 'dark'] as const) {
            await choose(page, theme)
            const isDark = theme === 'dark'
            const wanted = charts.map((id) => ({ id, coloured: true, isDark }))
            expect(await looks(page)).toEqual(wanted)
          }
          expect(seen.requests.filter((each) => each !== url && !each.startsWith('data:'))).toEqual(
            [],
          )
          expect(seen.complaints).toEqual([])
        })
      },
    )

    testWith(
      program,
      `no ${browserName} here`,
      `the page of ${name} has no barrier that axe calls serious, in light and dark`,
      async (path) => {
        await visit(browser, path, url, async ({ page }) => {
          for (const theme of ['light', 'dark'] as const) {
            await choose(page, theme)
            expect(await barriers(page)).toEqual([])
          }
        })
      },
    )
  }
})

testWith(
  CHROMIUM,
  'no Chromium here',
  'what the policy of a page refuses is noticed here',
  async (path) => {
    const foreign = '<p style="color: red">x</p><img src="http://127.0.0.1:9/x.png">'
    const broken = join(folder, 'broken.html')
    const html = readFileSync(fileURLToPath(pages[0].url), 'utf8')
    writeFileSync(broken, html.replace('<main>', `<main>${foreign}`))
    await visit('chrome', path, pathToFileURL(broken).href, async ({ seen }) => {
      expect(seen.complaints.join()).toContain('style-src-attr refuses inline')
      expect(seen.complaints.join()).toContain('img-src refuses http://127.0.0.1:9/x.png')
    })
  },
)

describe('for everybody', () => {
  testWith(
    CHROMIUM,
    'no Chromium here',
    'the tab key reaches the buttons of a chart, and the space bar hides and shows a line',
    async (path) => {
      await visit('chrome', path, pages[0].url, async ({ page }) => {
        const inLegend = () =>
          page.evaluate(() => document.activeElement?.closest('.legend') != null)
        for (let stops = 0; stops < 100 && !(await inLegend()); stops++) {
          await page.keyboard.press('Tab')
        }
        const state = () =>
          page.evaluate(() => {
            const button = document.activeElement
            const canvas = button?.closest('figure')?.querySelector('canvas') ?? null
            const pressed = button?.getAttribute('aria-pressed')
            return { pressed, picture: canvas?.toDataURL() }
          })
        const before = await state()
        expect(before.pressed).toBe('true')
        await page.keyboard.press('Space')
        const hidden = await state()
        expect(hidden.pressed).toBe('false')
        expect(hidden.picture).not.toBe(before.picture)
        await page.keyboard.press('Space')
        expect((await state()).pressed).toBe('true')
      })
    },
  )

  testWith(
    CHROMIUM,
    'no Chromium here',
    'a tooltip names the fault of its instant',
    async (path) => {
      await visit('chrome', path, pages[0].url, async ({ page }) => {
        await page.evaluate(() => document.querySelector('#chart-rpo')?.scrollIntoView())
        const box = await (await page.$('#chart-rpo'))?.boundingBox()
        const { x, y, width } = box ?? { x: 0, y: 0, width: 0 }
        // The outage is from a quarter to a half of the time axis.
        await page.mouse.move(x + 0.42 * width, y + 150)
        const said = () => page.evaluate("Chart.getChart('chart-rpo').tooltip.footer.join()")
        expect(await said()).toBe('backup answers 500: 1 min to 2 min')
        await page.mouse.move(x + 0.7 * width, y + 150)
        expect(await said()).toBe('')
      })
    },
  )

  testWith(
    CHROMIUM,
    'no Chromium here',
    'on paper charts are on white and nothing is folded, whatever the screen has',
    async (path) => {
      await visit('chrome', path, pages[0].url, async ({ page }) => {
        await choose(page, 'dark')
        const folded = () =>
          page.evaluate(() => document.querySelectorAll('section > details:not([open])').length)
        const before = await folded()
        expect(before).toBeGreaterThan(0)
        await page.emulateMediaType('print')
        await page.waitForFunction(() => !document.querySelector('section > details:not([open])'))
        expect((await looks(page)).map(({ isDark }) => isDark)).not.toContain(true)
        const pdf = Buffer.from(await page.pdf({ format: 'A4' })).toString('latin1')
        expect(pdf.match(/\/Type\s*\/Page\b/g)?.length).toBeGreaterThan(4)
        await page.emulateMediaType('screen')
        await page.waitForFunction(() => document.querySelector('section > details:not([open])'))
        expect(await folded()).toBe(before)
        expect((await looks(page)).map(({ isDark }) => isDark)).not.toContain(false)
      })
    },
  )

  testWith(
    CHROMIUM,
    'no Chromium here',
    'on a telephone nothing is wider than the screen but what scrolls by itself',
    async (path) => {
      await visit('chrome', path, pages[0].url, async ({ page }) => {
        await page.setViewport({ width: 390, height: 800 })
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
        const stops = await page.evaluate(() =>
          [...document.querySelectorAll('.drawing')].map((box) => box.getAttribute('tabindex')),
        )
        expect(new Set(stops)).toEqual(new Set(['0']))
      })
    },
  )
})

test('both pages have charts', () => {
  expect(pages.map(({ charts }) => charts.length > 2)).toEqual([true, true])
})
