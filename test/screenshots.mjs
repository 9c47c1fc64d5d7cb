// Small pictures of a report's page for the gallery: on a light and a dark screen, and on paper.
// Usage: node test/screenshots.mjs FOLDER..., each with the `report.html` of the scenario it is named for.
import { existsSync, mkdirSync } from 'node:fs'
import { basename, delimiter, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import puppeteer from 'puppeteer-core'

const GALLERY = fileURLToPath(new URL('../reports/gallery/pages', import.meta.url))
const A4 = { width: 794, height: 1123 }
const SCREEN = { width: 1280, height: 1800 }

const browser = await puppeteer.launch({
  executablePath: onPath('chromium', 'chromium-browser', 'google-chrome'),
  // Containers and CI run as root, for whom Chromium has no sandbox.
  args: ['--no-sandbox', '--disable-gpu'],
})
mkdirSync(GALLERY, { recursive: true })
for (const folder of process.argv.slice(2)) await picture(resolve(folder))
await browser.close()

async function picture(folder) {
  const page = await browser.newPage()
  const path = (look) => join(GALLERY, `${basename(folder)}-${look}.png`)
  await page.setViewport({ ...SCREEN, deviceScaleFactor: 0.5 })
  await page.goto(pathToFileURL(join(folder, 'report.html')).href)
  for (const look of ['light', 'dark']) {
    await page.click(`[data-choose="${look}"]`)
    // From the table of durability on: tables and the first charts; the verdict is in the print.
    await page.evaluate(() => {
      const place = document.querySelector('#durability') ?? document.querySelector('#variants')
      place?.scrollIntoView()
    })
    await page.screenshot({ path: path(look) })
  }
  await page.setViewport({ ...A4, deviceScaleFactor: 0.75 })
  await page.emulateMediaType('print')
  await page.evaluate(() => {
    scrollTo(0, 0)
    document.body.style.padding = '14mm 12mm'
  })
  await page.screenshot({ path: path('print') })
  await page.close()
}

function onPath(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const programs = names.flatMap((name) => folders.map((folder) => join(folder, name)))
  const program = programs.find((each) => existsSync(each))
  if (program === undefined) throw new Error(`none of ${names.join(', ')} is on the path`)
  return program
}
